// PCRE2 with its JIT doing the shared work: pattern by pattern, each over the whole text. Bytes, no Unicode.
// It takes the first alternative that matches, not the longest; where that differs, the bench says so.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <cstdio>

#include "bench/work_engines.h"

namespace hpol::bench {
namespace {

// All words as one pattern, longest first.
std::string Words(std::vector<std::string> words) {
  std::sort(words.begin(), words.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  std::string text = "(?i)\\b(?:";
  for (size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "\\Q" : "|\\Q") + words[i] + "\\E";
  return text + ")\\b";
}

class Pcre2Engine : public SpanEngine<Pcre2Engine> {
 public:
  Pcre2Engine()
      : context_(pcre2_match_context_create(nullptr)),
        stack_(pcre2_jit_stack_create(32 << 10, 1 << 20, nullptr)) {
    pcre2_jit_stack_assign(context_, nullptr, stack_);
  }
  ~Pcre2Engine() override {
    for (pcre2_code* code : codes_) pcre2_code_free(code);
    pcre2_match_data_free(match_);
    pcre2_jit_stack_free(stack_);
    pcre2_match_context_free(context_);
  }

  bool Compile(const SharedWork& work) {
    for (const SharedWork::Pattern& pattern : work.patterns) {
      if (!Add(pattern.regex)) return false;
    }
    match_ = pcre2_match_data_create(1, nullptr);
    return Add(Words(work.words));
  }

  template <typename Found>
  void Run(std::string_view text, Found found) {
    const auto* bytes = reinterpret_cast<PCRE2_SPTR>(text.data());
    const PCRE2_SIZE* span = pcre2_get_ovector_pointer(match_);
    for (size_t i = 0; i < codes_.size(); ++i) {
      for (size_t at = 0; at <= text.size(); at = span[1]) {
        // Code 0 says no more than that groups were not written down.
        if (pcre2_jit_match(codes_[i], bytes, text.size(), at, 0, match_, context_) < 0) break;
        found(WorkSpan{static_cast<uint32_t>(i), static_cast<uint32_t>(span[0]),
                       static_cast<uint32_t>(span[1])});
      }
    }
  }

 private:
  bool Add(const std::string& pattern) {
    int problem = 0;
    PCRE2_SIZE at = 0;
    pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), 0,
                                     &problem, &at, nullptr);
    if (code == nullptr || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) != 0) {
      std::fprintf(stderr, "PCRE2: pattern %zu cannot be compiled (%d at %zu)\n", codes_.size(), problem, at);
      pcre2_code_free(code);
      return false;
    }
    codes_.push_back(code);
    return true;
  }

  pcre2_match_context* context_;
  pcre2_jit_stack* stack_;
  pcre2_match_data* match_ = nullptr;
  std::vector<pcre2_code*> codes_;
};

}  // namespace

std::unique_ptr<WorkEngine> MakePcre2(const SharedWork& work) {
  auto engine = std::make_unique<Pcre2Engine>();
  if (!engine->Compile(work)) return nullptr;
  return engine;
}

}  // namespace hpol::bench
