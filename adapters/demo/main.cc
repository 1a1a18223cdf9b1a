// hpol-demo: a gateway with the example policy before three model servers of its own, a tour through
// what it does, and then a place to try it. Everything runs in this process, on 127.0.0.1.
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "adapters/demo/control.h"
#include "adapters/demo/stage.h"
#include "adapters/demo/tour.h"

namespace hpol::demo {
namespace {

constexpr uint16_t kUsualPort = 8787;
constexpr int kWrong = 1;  // the tour went otherwise than it should
constexpr int kFailed = 2;

struct Arguments {
  StageOptions stage{};
  int repeat = 20;
  bool once = false;
  bool json = false;
  bool serve_json = false;
};

size_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 140;
}

void PrintWhatToTry(const Stage& stage, std::ostream& out) {
  const Person& person = PersonNamed("marketing-us");
  out << "\nThe gateway listens on " << stage.base_url() << ". Keys: who is calling decides, too.\n";
  for (const Person& each : People())
    out << "  " << each.key << "  "
        << (each.department.empty() ? "(a key that says nothing about its owner)"
                                    : each.department + ", " + each.application + ", " + each.region)
        << "\n";
  out << "\nTry it:\n\n  curl " << stage.base_url() << "/chat/completions \\\n    -H 'authorization: Bearer "
      << person.key << "' -H 'content-type: application/json' \\\n    -d '"
      << R"({"model":"gpt-4o","messages":[{"role":"user","content":"Reply to jane.roe@example.net."}]})"
      << "'\n\nOr with the OpenAI SDK, in Python:\n\n"
      << "  from openai import OpenAI\n  client = OpenAI(base_url=\"" << stage.base_url() << "\", api_key=\""
      << person.key << "\")\n"
      << "  print(client.chat.completions.create(model=\"gpt-4o\", messages=[\n"
      << "      {\"role\": \"user\", \"content\": \"My SSN is 536-22-8145.\"}]).choices[0].message.content)\n"
      << "\nand in Node:\n\n"
      << "  import OpenAI from \"openai\";\n  const client = new OpenAI({ baseURL: \"" << stage.base_url()
      << "\", apiKey: \"" << person.key << "\" });\n"
      << "  const stream = await client.chat.completions.create({ model: \"gpt-4o\", stream: true,\n"
      << "    messages: [{ role: \"user\", content: \"Write a slogan.\" }] });\n"
      << "  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? "
         "\"\");\n"
      << "\nCtrl-C ends it.\n"
      << std::flush;
}

// The usual port is nicer to type; any other will do when it is taken.
Result<std::unique_ptr<Stage>> SetStage(StageOptions options, bool port_given) {
  Result<std::unique_ptr<Stage>> stage = Stage::Set(options);
  if (stage || port_given || options.port == 0) return stage;
  options.port = 0;
  return Stage::Set(options);
}

int Run(Arguments arguments, bool port_given, const sigset_t& signals) {
  if (arguments.stage.policy.empty()) arguments.stage.policy = FindExamplePolicy();
  if (arguments.stage.policy.empty()) {
    std::cerr << "hpol-demo: the example policy was not found; name it with --policy\n";
    return kFailed;
  }
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  arguments.stage.color = isatty(STDERR_FILENO) == 1;
  const bool stays = !arguments.once && !arguments.json && !arguments.serve_json;
  if (stays && !port_given) arguments.stage.port = kUsualPort;
  const Result<std::unique_ptr<Stage>> stage = SetStage(arguments.stage, port_given);
  if (!stage) {
    std::cerr << stage.error().message << "\n";
    return kFailed;
  }
  if (arguments.serve_json) {
    ServeJson(**stage, std::cin, std::cout);
    return 0;
  }
  const TourResult result = RunTour(**stage, arguments.repeat);
  if (arguments.json) {
    std::cout << TourJson(result, (*stage)->base_url()) << "\n";
  } else {
    PrintTour(result, arguments.stage.policy, TerminalWidth(), terminal, std::cout);
  }
  if (stays) {
    PrintWhatToTry(**stage, std::cout);
    int signal = 0;
    sigwait(&signals, &signal);
  }
  return result.as_expected() ? 0 : kWrong;
}

}  // namespace
}  // namespace hpol::demo

int main(int argc, char** argv) {
  // Blocked before any thread starts, so that only sigwait sees them and everything is taken down
  // in order. The machine mode ends with its input and by signals as usual.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);

  hpol::demo::Arguments arguments;
  CLI::App app("Shows hpol at work: a gateway before two private and one cloud model server.");
  app.add_option("--policy", arguments.stage.policy, "the example policy, acme.hpol")
      ->check(CLI::ExistingFile);
  CLI::Option* const port =
      app.add_option("--port", arguments.stage.port, "port of the gateway on 127.0.0.1");
  app.add_option("--repeat", arguments.repeat, "how often each request is repeated to measure its time")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  app.add_option("--delay", arguments.stage.delay_ms, "milliseconds that the models take for each word");
  app.add_option("--dialect", arguments.stage.dialects,
                 "what a model server speaks: SERVER DIALECT, such as qwen72b anthropic; may be repeated");
  app.add_flag("--once", arguments.once, "end after the tour; fails when a row was not as expected");
  app.add_flag("--json", arguments.json, "print the tour as JSON and end");
  app.add_flag("--serve-json", arguments.serve_json, "no tour: obey JSON commands on the input (control.h)");
  CLI11_PARSE(app, argc, argv);

  if (!arguments.serve_json) sigprocmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  // Servers go down on purpose here; the table tells of it.
  spdlog::set_level(spdlog::level::err);
  return hpol::demo::Run(arguments, port->count() > 0, signals);
}
