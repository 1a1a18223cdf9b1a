// Starts hpol-demo in its machine mode and talks to it; see adapters/demo/control.h for the commands.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program =
  process.env.HPOL_DEMO ?? fileURLToPath(new URL("../../build/bin/hpol-demo", import.meta.url));

// `dialects` tells what a server speaks, by its name; those not named speak OpenAI's.
export async function startDemo(dialects = {}) {
  const options = Object.entries(dialects).flatMap(([server, dialect]) => ["--dialect", server, dialect]);
  const child = spawn(program, ["--serve-json", ...options], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("hpol-demo ended too early");
    return JSON.parse(value);
  };
  const greeting = await next();

  // Commands are answered in order, so one waits for the other.
  let last = Promise.resolve();
  const command = (verb, argument = {}) => {
    last = last.then(async () => {
      child.stdin.write(JSON.stringify({ [verb]: argument }) + "\n");
      const answer = await next();
      if (!answer.ok) throw new Error(answer.error);
      return answer;
    });
    return last;
  };

  return {
    baseURL: greeting.base_url,
    origin: new URL(greeting.base_url).origin,
    keys: greeting.keys,
    fault: (server, kind) => command("fault", { server, kind }),
    delay: (server, ms) => command("delay", { server, ms }),
    stats: async (server) => (await command("stats")).servers[server],
    received: async (server, text) => (await command("received", { server, text })).received,
    async stop() {
      child.stdin.end();
      const code = await new Promise((resolve) => child.once("exit", resolve));
      if (code !== 0) throw new Error(`hpol-demo ended with ${code}`);
    },
  };
}

// Waits until `check` gives something true, for at most five seconds.
export async function eventually(check) {
  for (const end = Date.now() + 5000; Date.now() < end; await new Promise((r) => setTimeout(r, 20))) {
    const found = await check();
    if (found) return found;
  }
  throw new Error("it did not happen within five seconds");
}

// A fetch that counts, so that retries are seen.
export function countingFetch() {
  const counting = (...request) => {
    ++counting.count;
    return fetch(...request);
  };
  counting.count = 0;
  return counting;
}

export async function failureOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it should have failed");
}

export const SSN = "my ssn is 536-22-8145";
export const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

// The worlds of the tests: the private servers speak other dialects than the client.
export const WORLDS = [{}, { qwen72b: "anthropic", deepseek: "ollama" }, { qwen72b: "ollama", deepseek: "anthropic" }];
export const nameOf = (world) => world.qwen72b ?? "openai";
