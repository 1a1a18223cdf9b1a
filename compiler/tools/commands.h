// The verbs of `hpol`. Each adds itself to the command line; the verb that was
// written runs after parsing and leaves its exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace hpol::tools {

// Exit codes, the same for every verb: CI can tell a bad policy from a bad call.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFound = 1;  // errors in the policy, failed tests, findings where asked
inline constexpr int kExitUsage = 2;  // a file that cannot be read, a request that is not one

void AddBuild(CLI::App& app, int& exit_code);
void AddCheck(CLI::App& app, int& exit_code);
void AddDiff(CLI::App& app, int& exit_code);
void AddEval(CLI::App& app, int& exit_code);
void AddExplain(CLI::App& app, int& exit_code);
void AddTest(CLI::App& app, int& exit_code);
void AddProve(CLI::App& app, int& exit_code);
void AddScan(CLI::App& app, int& exit_code);
void AddMatch(CLI::App& app, int& exit_code);
void AddPack(CLI::App& app, int& exit_code);
void AddInspect(CLI::App& app, int& exit_code);
void AddKeygen(CLI::App& app, int& exit_code);
void AddSign(CLI::App& app, int& exit_code);
void AddVerify(CLI::App& app, int& exit_code);
void AddWhy(CLI::App& app, int& exit_code);
void AddServe(CLI::App& app, int& exit_code);

// Colours only on a terminal, and not where NO_COLOR is set.
bool UseColor(int file_descriptor);

// Prints "hpol: MESSAGE" to stderr and returns kExitUsage.
int Fail(const std::string& message);

}  // namespace hpol::tools
