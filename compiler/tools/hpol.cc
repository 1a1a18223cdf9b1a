// `hpol`: the author's and CI's tool.
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "compiler/tools/build_policy.h"
#include "compiler/tools/commands.h"

namespace hpol::tools {

bool UseColor(int file_descriptor) {
  return isatty(file_descriptor) == 1 && std::getenv("NO_COLOR") == nullptr;
}

int Fail(const std::string& message) {
  std::cerr << "hpol: " << message << "\n";
  return kExitUsage;
}

}  // namespace hpol::tools

int main(int argc, char** argv) {
  using namespace hpol::tools;
  CLI::App app{
      "hpol decides which AI model may see which data.\n"
      "Check a policy, try it on a request, scan text with its detectors, or serve it."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "hpol " HPOL_VERSION);
  app.footer(
      "Exit codes: 0 fine; 1 errors in the policy, failed tests or findings; 2 a call that cannot be carried "
      "out.\n"
      "`hpol VERB --help` explains a verb. The language: dsl/README.md");
  app.fallthrough();
  app.add_flag_callback(
      "--no-cache", [] { UseCache(false); },
      "compile everything anew, and keep nothing. Else automata, filters and native code are kept by content "
      "in\n"
      "$XDG_CACHE_HOME/hpol (or ~/.cache/hpol), readable by you alone; patterns and word lists can be read "
      "from "
      "them");
  int exit_code = kExitOk;
  AddCheck(app, exit_code);
  AddEval(app, exit_code);
  AddExplain(app, exit_code);
  AddTest(app, exit_code);
  AddProve(app, exit_code);
  AddDiff(app, exit_code);
  AddWhy(app, exit_code);
  AddScan(app, exit_code);
  AddMatch(app, exit_code);
  AddPack(app, exit_code);
  AddBuild(app, exit_code);
  AddSign(app, exit_code);
  AddVerify(app, exit_code);
  AddInspect(app, exit_code);
  AddKeygen(app, exit_code);
#ifdef HPOL_HAS_GATEWAY
  AddServe(app, exit_code);
#endif
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? kExitOk : kExitUsage;
  }
  return exit_code;
}
