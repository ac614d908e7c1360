// Proofs of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
import { equal, sha256 } from './hash.js';

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** @param {Uint8Array} left @param {Uint8Array} right */
function node(left, right) {
  return sha256(NODE, left, right);
}

/** Half of a safe integer; shifts of JavaScript have 32 bits only. @param {number} value */
function half(value) {
  return Math.floor(value / 2);
}

/**
 * The root to which an inclusion proof leads.
 * @param {Uint8Array} data
 * @param {number} index
 * @param {number} size
 * @param {Uint8Array[]} path
 */
export async function rootOfInclusion(data, index, size, path) {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) {
    throw new TypeError('Not a leaf of the tree');
  }
  let fn = index;
  let sn = size - 1;
  let root = await sha256(LEAF, data);
  for (const sibling of path) {
    if (sn === 0) throw new TypeError('The path is too long');
    if (fn % 2 === 1 || fn === sn) {
      root = await node(sibling, root);
      for (; fn % 2 === 0 && fn !== 0; fn = half(fn)) sn = half(sn);
    } else {
      root = await node(root, sibling);
    }
    fn = half(fn);
    sn = half(sn);
  }
  if (sn !== 0) throw new TypeError('The path is too short');
  return root;
}

/**
 * Whether a proof shows that the first tree is the beginning of the second.
 * @param {number} first size of a tree that is not empty
 * @param {number} second greater size
 * @param {Uint8Array} firstRoot
 * @param {Uint8Array} secondRoot
 * @param {Uint8Array[]} proof
 */
export async function isConsistent(first, second, firstRoot, secondRoot, proof) {
  const path = Number.isInteger(Math.log2(first)) ? [firstRoot, ...proof] : proof;
  if (path.length === 0) return false;
  let fn = first - 1;
  let sn = second - 1;
  for (; fn % 2 === 1; fn = half(fn)) sn = half(sn);
  let [fr] = path;
  let sr = fr;
  for (const next of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = await node(next, fr);
      sr = await node(next, sr);
      for (; fn % 2 === 0 && fn !== 0; fn = half(fn)) sn = half(sn);
    } else {
      sr = await node(sr, next);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && equal(fr, firstRoot) && equal(sr, secondRoot);
}
