// RE2 doing the shared work: a set says which patterns match at all, then each finds its spans.
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstdio>

#include "bench/work_engines.h"

namespace hpol::bench {
namespace {

RE2::Options Dialect() {
  RE2::Options options;
  options.set_longest_match(true);
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_max_mem(int64_t{512} << 20);
  return options;
}

// All words as one pattern, longest first.
std::string Words(std::vector<std::string> words) {
  std::sort(words.begin(), words.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  std::string text = "(?i)\\b(?:";
  for (size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : "|") + RE2::QuoteMeta(words[i]);
  return text + ")\\b";
}

class Re2Engine : public SpanEngine<Re2Engine> {
 public:
  Re2Engine() : set_(Dialect(), RE2::UNANCHORED) {}

  bool Compile(const SharedWork& work) {
    std::vector<std::string> texts;
    for (const SharedWork::Pattern& pattern : work.patterns) texts.push_back(pattern.regex);
    texts.push_back(Words(work.words));
    for (const std::string& text : texts) {
      std::string error;
      if (set_.Add(text, &error) < 0) {
        std::fprintf(stderr, "RE2: %s\n", error.c_str());
        return false;
      }
      patterns_.push_back(std::make_unique<RE2>(text, Dialect()));
    }
    return set_.Compile();
  }

  template <typename Found>
  void Run(std::string_view text, Found found) {
    const re2::StringPiece piece(text.data(), text.size());
    matching_.clear();
    set_.Match(piece, &matching_);
    for (const int index : matching_) {
      re2::StringPiece match;
      for (size_t at = 0; at <= text.size() && patterns_[static_cast<size_t>(index)]->Match(
                                                   piece, at, text.size(), RE2::UNANCHORED, &match, 1);) {
        const auto begin = static_cast<uint32_t>(match.data() - text.data());
        const auto end = static_cast<uint32_t>(begin + match.size());
        found(WorkSpan{static_cast<uint32_t>(index), begin, end});
        at = end;
      }
    }
  }

 private:
  RE2::Set set_;
  std::vector<std::unique_ptr<RE2>> patterns_;
  std::vector<int> matching_;
};

}  // namespace

std::unique_ptr<WorkEngine> MakeRe2(const SharedWork& work) {
  auto engine = std::make_unique<Re2Engine>();
  if (!engine->Compile(work)) return nullptr;
  return engine;
}

}  // namespace hpol::bench
