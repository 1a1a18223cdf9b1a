// Peers of ./dev bench decide, as a child process: requests in, decisions and times out, as lines of JSON.
//
//   node peers.mjs REQUESTS.json
//
// REQUESTS.json is an array of contexts. Each engine first decides all of them (so that the caller can
// compare), and is then timed in a tight loop of its own: the fastest of many short rounds.
import { readFileSync } from 'node:fs';
import { cel as celRules, cedar as cedarRules, kDenials } from './rules.mjs';

const contexts = JSON.parse(readFileSync(process.argv[2], 'utf8'));

function fastest(decide, inputs) {
  let best = Infinity;
  const until = process.hrtime.bigint() + 2_000_000_000n;
  do {
    const begin = process.hrtime.bigint();
    for (const input of inputs) decide(input);
    best = Math.min(best, Number(process.hrtime.bigint() - begin) / inputs.length);
  } while (process.hrtime.bigint() < until);
  return best;
}

function report(name, decide, inputs) {
  const allowed = inputs.map((input) => (decide(input) ? '1' : '0')).join('');
  console.log(JSON.stringify({ name, allowed, ns: fastest(decide, inputs) }));
}

async function cedar() {
  const engine = await import('@cedar-policy/cedar-wasm/nodejs');
  const policies = cedarRules
    .map((rule, i) => `${i < kDenials ? 'forbid' : 'permit'}(principal, action, resource) when { ${rule} };`)
    .join('\n');
  const parsed = engine.preparsePolicySet('bench', { staticPolicies: policies });
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed));
  const calls = contexts.map((context) => ({
    principal: { type: 'User', id: 'u' },
    action: { type: 'Action', id: 'ask' },
    resource: { type: 'Model', id: 'm' },
    context,
    preparsedPolicySetId: 'bench',
    validateRequest: false,
    entities: [],
  }));
  const decide = (call) => {
    const answer = engine.statefulIsAuthorized(call);
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
    return answer.response.decision === 'allow';
  };
  report('Cedar (cedar-wasm, stateful)', decide, calls);
}

async function cel() {
  const { parse } = await import('@marcbachmann/cel-js');
  const any = (rules) => rules.map((rule) => `(${rule})`).join(' || ');
  const run = parse(`!(${any(celRules.slice(0, kDenials))}) && (${any(celRules.slice(kDenials))})`);
  const inputs = contexts.map((context) => ({
    ...context,
    clearance: BigInt(context.clearance),
    tokens: BigInt(context.tokens),
    cost: BigInt(context.cost),
  }));
  report('CEL (cel-js, parsed once)', (input) => run(input) === true, inputs);
}

for (const peer of [cedar, cel]) {
  try {
    await peer();
  } catch (error) {
    console.log(JSON.stringify({ name: peer.name, error: String(error).slice(0, 300) }));
  }
}
