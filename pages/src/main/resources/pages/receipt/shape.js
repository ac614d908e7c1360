// The one spelling of a receipt: members in their order, and no others.

const SEAL = 'kind,number,previous,firstPosition,lastPosition,events,records,log,sales,tree,sealedAt,seal,keyId,signature';
const SEAL_1 = 'kind,number,previous,firstPosition,lastPosition,events,log,sales,sealedAt,seal,keyId,signature';
const EVENT = 'kind,number,position,eventId,aggregateType,aggregateId,sequence,type,revision,timestamp,payload,metaData,link';
const BODY_1 = 'format,saleKey,buyer,issuedAt,head,keys,facts,seals,unproven';
const FORMATS = { 'onsale.receipt.v1': BODY_1, 'onsale.receipt.v2': BODY_1 + ',soldOut' };

/** @param {any} value @param {string[]} members */
function has(value, ...members) {
  return value !== null && typeof value === 'object' && members.includes(Object.keys(value).join());
}

/**
 * The signed text as a value; null if it is not a receipt in its one spelling. A name that is there twice, white space and
 * unknown members are refused: they could say two things to two readers.
 * @param {string} text
 */
export function bodyOf(text) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  const places = (body.soldOut ?? []).flatMap((/** @type {any} */ span) => [span.last, span.next]).filter((place) => place !== null);
  const ok = JSON.stringify(body) === text
    && has(body, FORMATS[body.format] ?? '')
    && has(body.head, SEAL)
    && body.seals.every((proof) => has(proof, 'seal,inclusion') && has(proof.seal, SEAL, SEAL_1))
    && body.facts.every((fact) => has(fact, 'seal,index,size,path,event', 'seal,index,size,path,record')
      && (fact.event ? has(fact.event, EVENT) : has(fact.record, 'kind,number,entry')))
    && (body.soldOut ?? []).every((span) => has(span, 'category,seats,from,last,until,next'))
    && places.every((place) => has(place, 'position,event,seal,index,size,path'));
  return ok ? body : null;
}

/** JSON whose names are there once: the log writes it without white space. @param {string} text */
export function strict(text) {
  const value = JSON.parse(text);
  return names(text) === names(JSON.stringify(value)) ? value : null;
}

/** How many names a JSON text has. @param {string} text */
function names(text) {
  return (text.match(/"(?:[^"\\]|\\.)*"(?=\s*:)/g) ?? []).length;
}
