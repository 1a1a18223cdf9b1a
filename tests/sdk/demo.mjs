// Starts hpol-demo in its machine mode and talks to it; see adapters/demo/control.h for the commands.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program =
  process.env.HPOL_DEMO ?? fileURLToPath(new URL("../../build/bin/hpol-demo", import.meta.url));

export async function startDemo() {
  const child = spawn(program, ["--serve-json"], { stdio: ["pipe", "pipe", "inherit"] });
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
