// Reads a seating plan beside the page: the JSON of 50,000 seats would stop it for a tenth of a second.
import { planOf } from '../hall/plan.js';

onmessage = async ({ data: path }) => {
  const answer = await fetch(path);
  if (!answer.ok) {
    postMessage({ status: answer.status });
    return;
  }
  const plan = planOf(await answer.json());
  postMessage({ status: 200, plan }, { transfer: [plan.x.buffer, plan.y.buffer, plan.category.buffer, plan.row.buffer] });
};
