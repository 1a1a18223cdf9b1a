// `hpol match`: patterns tried on texts, without a policy. For suites of cases from outside,
// and for authors who wonder what a pattern finds.
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <memory>
#include <string>

#include "compiler/tools/commands.h"
#include "compiler/tools/match_lines.h"

namespace hpol::tools {
namespace {

constexpr size_t kReadBytes = 1 << 16;

// Answers are written together, but never later than the moment when more input must be waited for: who
// asks line by line gets an answer to each, who asks in bulk does not pay for it.
int MatchLines() {
  LineMatcher matcher;
  std::string pending;  // read, and not yet a whole line
  std::string answers;
  std::string buffer(kReadBytes, '\0');
  const auto answer = [&](std::string_view line) {
    answers += matcher.Answer(line);
    answers += '\n';
  };
  for (;;) {
    std::cout << answers << std::flush;
    if (!std::cout) return Fail("cannot write the answers");
    answers.clear();
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Fail("cannot read standard input");
    if (count == 0) break;
    std::string_view fresh(buffer.data(), static_cast<size_t>(count));
    for (size_t end = fresh.find('\n'); end != std::string_view::npos; end = fresh.find('\n')) {
      pending += fresh.substr(0, end);
      answer(pending);
      pending.clear();
      fresh.remove_prefix(end + 1);
    }
    pending += fresh;
  }
  if (!pending.empty()) answer(pending);
  std::cout << answers << std::flush;
  return kExitOk;
}

}  // namespace

void AddMatch(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("match", "try patterns on texts, without a policy");
  auto jsonl = std::make_shared<bool>(false);  // the only way so far, but its name says what is spoken
  command->add_flag("--jsonl", *jsonl, "read one case a line from standard input, write one answer a line")
      ->required();
  command->footer(
      "Reads   {\"pattern\": \"a+b\", \"text\": \"xaab\"}\n"
      "        and, where wanted, \"bounded\": true and \"ignoring_case\": true, as after a pattern in a "
      "policy.\n"
      "Writes  {\"matches\":[[1,4]]}  bytes [start,end) of the text in UTF-8: leftmost, then longest, not\n"
      "        overlapping; empty matches are left out; a match has at most 4096 bytes\n"
      "or      {\"error\":{\"kind\":\"pattern-syntax\",\"at\":3}}  where in the pattern, in bytes. Kinds:\n"
      "        pattern-syntax, pattern-unsupported (back-references, look-around …), pattern-limit (too\n"
      "        large, too deep, too long), and json: the line is no such object, `at` is a byte of the "
      "line.\n"
      "Texts are matched as they are; a policy's detectors read them folded and decoded (see `hpol scan`).\n"
      "The pattern dialect has a table in dsl/README.md.\n"
      "Example: echo '{\"pattern\":\"[0-9]{3}\",\"text\":\"a 123\"}' | hpol match --jsonl");
  command->callback([jsonl, &exit_code] { exit_code = MatchLines(); });
}

}  // namespace hpol::tools
