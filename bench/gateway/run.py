#!/usr/bin/env python3
"""Added CPU, latency and memory of the gateway beside nginx, nginx with Lua, and Portkey's gateway.

  run.py GATEWAY BUNDLE [--seconds N] [--json]

One backend (nginx) answers a fixed chat completion; each contender stands before it in turn, on one worker
where that can be chosen, and wrk asks. CPU is user + system time of the contender's processes over requests
served; latency is added to that of asking the backend itself. Everything is made in a temporary folder.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ANSWER = json.dumps({"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "m",
                     "choices": [{"index": 0, "message": {"role": "assistant", "content": "Fine, as you say."},
                                  "finish_reason": "stop"}],
                     "usage": {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}})
WORDS = ("the quarterly plan for our new office says that every team writes down what it needs before the end of "
         "the month and nobody has to travel for a meeting that a short message could replace").split()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port, seconds=30):
    for _ in range(seconds * 20):
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nobody listens on port {port}")


def processes(root):
    """`root` and everything below it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry))
            except OSError:
                pass
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def cpu(root):
    ticks = 0
    for pid in processes(root):
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


def rss(root):
    kilobytes = 0
    for pid in processes(root):
        try:
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    kilobytes += int(line.split()[1])
        except OSError:
            pass
    return kilobytes / 1024


def nginx(folder, name, port, location, top="", http=""):
    conf = folder / f"{name}.conf"
    conf.write_text(f"""{top}
daemon off; worker_processes 1; pid {folder}/{name}.pid; error_log {folder}/{name}.log warn;
events {{ worker_connections 4096; }}
http {{
  access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
  client_body_buffer_size 1m; client_max_body_size 8m; keepalive_requests 100000000; default_type application/json;
  {http}
  server {{ listen 127.0.0.1:{port} backlog=2048; location / {{ {location} }} }}
}}
""")
    return subprocess.Popen(["nginx", "-p", str(folder), "-c", str(conf)], stderr=subprocess.DEVNULL)


def proxy(backend):
    return (f"upstream back {{ server 127.0.0.1:{backend}; keepalive 256; keepalive_requests 100000000; }}",
            'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://back;')


LUA = """
  access_by_lua_block {
    ngx.req.read_body()
    local body = ngx.req.get_body_data() or ""
    for _, pattern in ipairs({ [[\\b\\d{3}-\\d{2}-\\d{4}\\b]], [[\\b(?:\\d[ -]?){13,19}\\b]],
                               [[[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}]], [[\\bAKIA[0-9A-Z]{16}\\b]] }) do
      if ngx.re.find(body, pattern, "jo") then return ngx.exit(403) end
    end
  }
"""


def hpol(folder, gateway, bundle, port, backend):
    config = {"listen": {"port": port, "threads": 1}, "allow_anonymous": True,
              "attributes": {"department": {"value": "marketing"}},
              "targets": {"home": {"url": f"http://127.0.0.1:{backend}/v1", "model": "m"}},
              "receipts": {"file": "receipts.jsonl"}}
    (folder / "gateway.json").write_text(json.dumps(config))
    return subprocess.Popen([gateway, "--bundle", bundle, "--allow-unsigned", "--config", folder / "gateway.json"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def portkey(port):
    start = HERE / "node_modules/@portkey-ai/gateway/build/start-server.js"
    if not start.exists():
        return None
    environment = dict(os.environ, NODE_ENV="production", TRUSTED_CUSTOM_HOSTS="127.0.0.1,localhost")
    return subprocess.Popen(["node", str(start), f"--port={port}", "--headless"], env=environment,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def body(size):
    text, i = "", 0
    while len(text) < size:
        text += WORDS[i * 7 % len(WORDS)] + (". " if i % 11 == 10 else " ")
        i += 1
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": text[:size]}]})


def ask(port, connections, seconds, path, backend):
    environment = dict(os.environ, HPOL_BENCH_BODY=str(path), HPOL_BENCH_BACKEND=f"http://127.0.0.1:{backend}/v1")
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s",
                          str(HERE / "load.lua"), f"http://127.0.0.1:{port}/v1/chat/completions"],
                         env=environment, capture_output=True, text=True, check=True).stdout
    line = next(line for line in out.splitlines() if line.startswith("RESULT"))
    served, bad, p50 = line.split()[1:]
    return int(served), int(bad), float(p50)


def main():
    gateway, bundle = sys.argv[1:3]
    seconds = int(sys.argv[sys.argv.index("--seconds") + 1]) if "--seconds" in sys.argv else 5
    rows, running = [], []
    with tempfile.TemporaryDirectory(prefix="hpol-bench-") as name:
        folder = pathlib.Path(name)
        try:
            backend = free_port()
            running.append(nginx(folder, "backend", backend, f"return 200 '{ANSWER}';"))
            wait_for(backend)
            http, location = proxy(backend)
            modules = "load_module /usr/lib/nginx/modules/ndk_http_module.so; " \
                      "load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;"
            contenders = [
                ("backend alone", lambda port: None),
                ("nginx proxy_pass", lambda port: nginx(folder, "proxy", port, location, http=http)),
                ("nginx + Lua, 4 regexes", lambda port: nginx(folder, "lua", port, LUA + location, modules, http)),
                ("hpol", lambda port: hpol(folder, gateway, bundle, port, backend)),
                ("Portkey", portkey),
            ]
            bodies = {"100 B": body(100), "8 KB": body(8192)}
            for size, text in bodies.items():
                (folder / size).write_text(text)
            for title, start in contenders:
                port = free_port()
                process = start(port)
                if process is None and title != "backend alone":
                    print(f"{title}: not installed", file=sys.stderr)
                    continue
                if process is None:
                    port, process = backend, running[0]
                else:
                    running.append(process)
                wait_for(port)
                time.sleep(1)
                row = {"what": title, "rss_rest_mb": round(rss(process.pid), 1)}
                for size in bodies:
                    for connections in (1, 32):
                        ask(port, connections, 1, folder / size, backend)
                        before = cpu(process.pid)
                        served, bad, p50 = ask(port, connections, seconds, folder / size, backend)
                        used = cpu(process.pid) - before
                        row[f"{size}, {connections}"] = {"cpu_us": round(used / max(1, served) * 1e6, 1),
                                                         "p50_us": p50, "per_s": served // seconds, "bad": bad}
                peak = [0.0]
                load = subprocess.Popen([sys.executable, __file__, "--load", str(port), str(folder / "100 B"),
                                         str(backend)])
                while load.poll() is None:
                    peak[0] = max(peak[0], rss(process.pid))
                    time.sleep(0.1)
                row["rss_1000_mb"] = round(peak[0], 1)
                rows.append(row)
                if title != "backend alone":
                    process.send_signal(signal.SIGTERM)
                    process.wait(timeout=20)
        finally:
            for process in running:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
    if "--json" in sys.argv:
        print(json.dumps(rows, indent=1))
        return
    columns = [key for key in rows[0] if "," in key]
    print(f"{'CPU µs a request | p50 µs':24}" + "".join(f"{c:>19}" for c in columns) + f"{'RSS MB, at 1000':>18}")
    for row in rows:
        cells = "".join(f"{row[c]['cpu_us']:>9} | {row[c]['p50_us']:>7}" for c in columns)
        bad = sum(row[c]["bad"] for c in columns)
        print(f"{row['what']:24}{cells}{row['rss_rest_mb']:>9} {row['rss_1000_mb']:>8}" +
              (f"  ({bad} bad)" if bad else ""))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        ask(int(sys.argv[2]), 1000, 4, sys.argv[3], int(sys.argv[4]))
    else:
        main()
