// The real openai client against the gateway: whatever it relies on must work as with OpenAI, and
// whatever the policy refuses must reach the application as the error it expects.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import OpenAI from "openai";
import { eventually, startDemo } from "./demo.mjs";

const SSN = "my ssn is 536-22-8145";
const WEATHER = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());
afterEach(async () => {
  for (const server of ["qwen72b", "deepseek", "cloud"]) {
    await demo.fault(server, "none");
    await demo.delay(server, 0);
  }
});

const user = (content) => ({ model: "gpt-4o", messages: [{ role: "user", content }] });

// A client of one person that counts its HTTP requests, so that retries are seen.
function clientOf(person, options = {}) {
  const calls = { count: 0 };
  const client = new OpenAI({
    apiKey: demo.keys[person] ?? person,
    baseURL: demo.baseURL,
    fetch: (...request) => {
      ++calls.count;
      return fetch(...request);
    },
    ...options,
  });
  return { client, calls };
}

async function failureOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail("it should have failed");
}

async function collect(stream) {
  const found = { text: "", finish: null, usage: null, chunks: 0 };
  for await (const chunk of stream) {
    ++found.chunks;
    found.text += chunk.choices[0]?.delta?.content ?? "";
    found.finish = chunk.choices[0]?.finish_reason ?? found.finish;
    found.usage = chunk.usage ?? found.usage;
  }
  return found;
}

test("chat: a public prompt is answered by the cloud", async () => {
  const { client, calls } = clientOf("marketing-us");
  const answer = await client.chat.completions.create(user("write a slogan for our spring sale"));
  assert.equal(
    answer.choices[0].message.content,
    "Hello from cloud. You wrote: write a slogan for our spring sale",
  );
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.ok(answer.usage.total_tokens > 0);
  assert.ok(answer._request_id);
  assert.equal(calls.count, 1);
});

test("chat: personal data is answered by a private server and is unknown to the cloud", async () => {
  const { client } = clientOf("assistant-us");
  const answer = await client.chat.completions.create(user(SSN));
  assert.match(answer.choices[0].message.content, /^Hello from qwen72b/);
  assert.equal(await demo.received("qwen72b", "536-22-8145"), true);
  assert.equal(await demo.received("cloud", "536-22-8145"), false);
});

test("chat: an e-mail address reaches the cloud only as a token, and comes back as itself", async () => {
  const { client } = clientOf("marketing-us");
  const answer = await client.chat.completions.create(user("reply to jane.roe@example.net, 谢谢"));
  assert.match(answer.choices[0].message.content, /^Hello from cloud.*jane\.roe@example\.net, 谢谢$/);
  assert.equal(await demo.received("cloud", "jane.roe@example.net"), false);
});

test("chat: several choices and structured output", async () => {
  const { client } = clientOf("engineering");
  const two = await client.chat.completions.create({ ...user("two ideas"), n: 2 });
  assert.equal(two.choices.length, 2);
  const structured = await client.chat.completions.parse({
    ...user("an object, please"),
    response_format: {
      type: "json_schema",
      json_schema: { name: "answer", schema: { type: "object", properties: { from: { type: "string" } } } },
    },
  });
  assert.equal(JSON.parse(structured.choices[0].message.content).from, "qwen72b");
});

test("stream: words arrive one by one, with usage when asked for", async () => {
  const { client } = clientOf("engineering");
  const stream = await client.chat.completions.create({
    ...user("tell me about streams"),
    stream: true,
    stream_options: { include_usage: true },
  });
  const found = await collect(stream);
  assert.equal(found.text, "Hello from qwen72b. You wrote: tell me about streams");
  assert.equal(found.finish, "stop");
  assert.ok(found.usage.total_tokens > 0);
  assert.ok(found.chunks > 5);
});

test("stream: the first words come before the last are made", async () => {
  await demo.delay("qwen72b", 100);
  const { client } = clientOf("engineering");
  const began = Date.now();
  const stream = await client.chat.completions.create({ ...user("a b c d e f g h"), stream: true });
  let first = 0;
  for await (const chunk of stream) first ||= chunk.choices[0]?.delta?.content ? Date.now() - began : 0;
  const whole = Date.now() - began;
  assert.ok(first < whole / 2, `first words after ${first} ms of ${whole} ms`);
});

test("stream: the helper gathers what was streamed", async () => {
  const { client } = clientOf("marketing-us");
  const runner = client.chat.completions.stream(user("write a rhyme"));
  assert.equal(await runner.finalContent(), "Hello from cloud. You wrote: write a rhyme");
});

test("tools: a call and its result go back and forth", async () => {
  const { client } = clientOf("engineering");
  const question = user("use a tool to tell the weather");
  const answer = await client.chat.completions.create({ ...question, tools: [WEATHER] });
  const [call] = answer.choices[0].message.tool_calls;
  assert.equal(answer.choices[0].finish_reason, "tool_calls");
  assert.equal(call.function.name, "get_weather");
  assert.deepEqual(JSON.parse(call.function.arguments), { city: "some city" });
  const final = await client.chat.completions.create({
    model: "gpt-4o",
    tools: [WEATHER],
    messages: [
      ...question.messages,
      answer.choices[0].message,
      { role: "tool", tool_call_id: call.id, content: "sunny, 20 degrees" },
    ],
  });
  assert.equal(final.choices[0].message.content, "Hello from qwen72b. You wrote: sunny, 20 degrees");
});

test("tools: streamed arguments are split anywhere and joined again", async () => {
  const { client } = clientOf("engineering");
  const runner = client.chat.completions.stream({ ...user("call get_weather"), tools: [WEATHER] });
  let pieces = 0;
  runner.on("tool_calls.function.arguments.delta", () => ++pieces);
  const answer = await runner.finalChatCompletion();
  const [call] = answer.choices[0].message.tool_calls;
  assert.deepEqual(JSON.parse(call.function.arguments), { city: "some city" });
  assert.ok(pieces > 2, `${pieces} pieces`);
});

test("tools: the SDK's tool runner works through the gateway", async () => {
  const { client } = clientOf("engineering");
  const asked = [];
  const runner = client.chat.completions.runTools({
    ...user("call get_weather"),
    tools: [
      {
        type: "function",
        function: {
          ...WEATHER.function,
          parse: JSON.parse,
          function: ({ city }) => asked.push(city) && "rain",
        },
      },
    ],
  });
  assert.match(await runner.finalContent(), /rain/);
  assert.deepEqual(asked, ["some city"]);
});

test("errors: an unknown key is 401 and not retried", async () => {
  const { client, calls } = clientOf("nobody-knows-this-key");
  const error = await failureOf(client.chat.completions.create(user("hello")));
  assert.ok(error instanceof OpenAI.AuthenticationError);
  assert.equal(error.status, 401);
  assert.equal(calls.count, 1);
});

test("errors: a denial by the policy is 403, not retried, and repeats nothing of the prompt", async () => {
  const { client, calls } = clientOf("newcomer");
  const error = await failureOf(client.chat.completions.create(user(SSN)));
  assert.ok(error instanceof OpenAI.PermissionDeniedError);
  assert.equal(error.status, 403);
  assert.equal(error.headers.get("x-should-retry"), "false");
  assert.doesNotMatch(error.message, /536/);
  assert.equal(calls.count, 1);
});

test("errors: a search that the server would run is refused with the field's name", async () => {
  const { client, calls } = clientOf("marketing-us");
  const error = await failureOf(
    client.chat.completions.create({ ...user("what do the papers say"), web_search_options: {} }),
  );
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.match(error.param, /web_search_options/);
  assert.equal(calls.count, 1);
  const tool = await failureOf(
    client.chat.completions.create({ ...user("search"), tools: [{ type: "web_search" }] }),
  );
  assert.equal(tool.status, 400);
});

test("errors: with every private server down, confidential text is 503 and never goes to the cloud", async () => {
  await demo.fault("qwen72b", "kill");
  await demo.fault("deepseek", "kill");
  const { client } = clientOf("assistant-us", { maxRetries: 0 });
  const error = await failureOf(client.chat.completions.create(user(SSN)));
  assert.ok(error instanceof OpenAI.InternalServerError);
  assert.equal(error.status, 503);
  assert.ok(Number(error.headers.get("retry-after")) > 0);
  assert.equal(await demo.received("cloud", "536-22-8145"), false);
});

test("errors: the SDK's own retry succeeds once a server is back", async () => {
  await demo.fault("qwen72b", "kill");
  await demo.fault("deepseek", "kill");
  const { client, calls } = clientOf("assistant-us", { maxRetries: 2 });
  const answer = client.chat.completions.create(user(SSN));
  await eventually(() => calls.count > 0);
  await demo.fault("deepseek", "none");
  assert.match((await answer).choices[0].message.content, /^Hello from deepseek/);
  assert.ok(calls.count > 1);
});

for (const kind of ["kill", "error500", "garbage", "badjson", "redirect", "ratelimit"]) {
  test(`failover: the spare answers when the first server is at fault (${kind})`, async () => {
    await demo.fault("qwen72b", kind);
    const { client, calls } = clientOf("assistant-us");
    const answer = await client.chat.completions.create(user(SSN));
    assert.match(answer.choices[0].message.content, /^Hello from deepseek/);
    assert.equal(calls.count, 1);
  });
}

test("errors: with every target at its limit it is 429, and says when to come back", async () => {
  await demo.fault("qwen72b", "ratelimit");
  await demo.fault("deepseek", "ratelimit");
  const { client } = clientOf("assistant-us", { maxRetries: 0 });
  const error = await failureOf(client.chat.completions.create(user(SSN)));
  assert.ok(error instanceof OpenAI.RateLimitError);
  assert.ok(Number(error.headers.get("retry-after")) >= 1);
  assert.ok(Number(error.headers.get("retry-after-ms")) >= 1000);
  await demo.fault("qwen72b", "none");
  // The client waits as long as it is told, and is answered.
  const patient = clientOf("assistant-us", { maxRetries: 2 });
  assert.match((await patient.client.chat.completions.create(user(SSN))).choices[0].message.content, /^Hello/);
});

test("errors: a stream that breaks after its first words throws and does not look finished", async () => {
  await demo.fault("qwen72b", "cut");
  const { client } = clientOf("engineering");
  const stream = await client.chat.completions.create({ ...user("a long story, please"), stream: true });
  await failureOf(collect(stream));
});

test("abort: leaving a stream ends the server's work", async () => {
  await demo.delay("qwen72b", 50);
  const before = (await demo.stats("qwen72b")).aborted;
  const { client } = clientOf("engineering");
  const stream = await client.chat.completions.create({
    ...user("word ".repeat(200)),
    stream: true,
  });
  for await (const chunk of stream) if (chunk.choices[0]?.delta?.content) break;
  await eventually(async () => (await demo.stats("qwen72b")).aborted > before);
});

test("abort: a signal ends a request that waits for its answer", async () => {
  await demo.fault("qwen72b", "hang");
  const { aborted, requests } = await demo.stats("qwen72b");
  const { client } = clientOf("engineering");
  const controller = new AbortController();
  const waiting = failureOf(client.chat.completions.create(user("hello"), { signal: controller.signal }));
  await eventually(async () => (await demo.stats("qwen72b")).requests > requests);
  controller.abort();
  assert.ok((await waiting) instanceof OpenAI.APIUserAbortError);
  await eventually(async () => (await demo.stats("qwen72b")).aborted > aborted);
});

test("models: the list has OpenAI's shape", async () => {
  const { client } = clientOf("engineering");
  const ids = [];
  for await (const model of client.models.list()) {
    assert.equal(model.object, "model");
    ids.push(model.id);
  }
  assert.ok(ids.length > 0);
});
