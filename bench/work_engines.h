// Who does the shared work. Each maker says on stderr why it returns nothing.
#pragma once

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "bench/shared_work.h"
#include "runtime/kernels/filter.h"

namespace hpol::bench {

// An engine that has one loop for both questions: Engine::Run(text, found) calls found(span) for each match.
template <typename Engine>
class SpanEngine : public WorkEngine {
 public:
  void Spans(std::string_view text, std::vector<WorkSpan>* spans) final {
    spans->clear();
    static_cast<Engine*>(this)->Run(text, [&](const WorkSpan& span) { spans->push_back(span); });
    std::sort(spans->begin(), spans->end());
  }
  size_t Count(std::string_view text) final {
    size_t count = 0;
    static_cast<Engine*>(this)->Run(text, [&](const WorkSpan&) { ++count; });
    return count;
  }
};

std::unique_ptr<WorkEngine> MakeHpol(const SharedWork& work, filter::Variant variant);
// Block mode. `spans`: with the leftmost start of each match; without, spans have their ends alone.
std::unique_ptr<WorkEngine> MakeVectorscan(const SharedWork& work, bool spans);
// RE2::Set, then RE2 with longest match for the spans.
std::unique_ptr<WorkEngine> MakeRe2(const SharedWork& work);
// PCRE2 with its JIT, pattern by pattern.
std::unique_ptr<WorkEngine> MakePcre2(const SharedWork& work);

}  // namespace hpol::bench
