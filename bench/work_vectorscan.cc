// Vectorscan (Hyperscan's portable continuation) doing the shared work.
#include <hs/hs.h>

#include <cstdio>

#include "bench/work_engines.h"

namespace hpol::bench {
namespace {

constexpr unsigned kWordIds = 1000;  // ids from here on are words

bool IsWordByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

std::string Escaped(const std::string& word) {
  std::string text;
  for (const char c : word) {
    if (!IsWordByte(c) && c != ' ') text += '\\';
    text += c;
  }
  return text;
}

class VectorscanEngine : public WorkEngine {
 public:
  VectorscanEngine(const SharedWork& work, hs_database_t* database, bool spans)
      : work_(work), database_(database), spans_(spans) {
    if (hs_alloc_scratch(database_, &scratch_) != HS_SUCCESS) scratch_ = nullptr;
  }
  ~VectorscanEngine() override {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }

  void Spans(std::string_view text, std::vector<WorkSpan>* spans) override {
    spans->clear();
    Run(text, spans);
    if (spans_) Normalize(spans);
  }
  size_t Count(std::string_view text) override { return Run(text, nullptr); }

 private:
  struct Found {
    const VectorscanEngine* engine;
    std::string_view text;
    std::vector<WorkSpan>* spans;
    size_t count;
  };

  size_t Run(std::string_view text, std::vector<WorkSpan>* spans) const {
    Found found{this, text, spans, 0};
    hs_scan(database_, text.data(), static_cast<unsigned>(text.size()), 0, scratch_, OnMatch, &found);
    return found.count;
  }

  static int OnMatch(unsigned id, unsigned long long from, unsigned long long to, unsigned, void* context) {
    Found& found = *static_cast<Found*>(context);
    uint32_t detector = id;
    if (id >= kWordIds) {
      detector = static_cast<uint32_t>(found.engine->work_.patterns.size());
      from = to - found.engine->work_.words[id - kWordIds].size();
      const bool whole = (from == 0 || !IsWordByte(found.text[from - 1])) &&
                         (to == found.text.size() || !IsWordByte(found.text[to]));
      if (!whole) return 0;
    }
    ++found.count;
    if (found.spans != nullptr) {
      found.spans->push_back({detector, static_cast<uint32_t>(from), static_cast<uint32_t>(to)});
    }
    return 0;
  }

  const SharedWork& work_;
  hs_database_t* database_;
  bool spans_;
  hs_scratch_t* scratch_ = nullptr;
};

}  // namespace

std::unique_ptr<WorkEngine> MakeVectorscan(const SharedWork& work, bool spans) {
  std::vector<std::string> texts;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (size_t i = 0; i < work.patterns.size(); ++i) {
    std::string regex = work.patterns[i].regex;
    unsigned flag = spans ? HS_FLAG_SOM_LEFTMOST : 0;
    if (regex.starts_with("(?i)")) {
      regex.erase(0, 4);
      flag |= HS_FLAG_CASELESS;
    }
    texts.push_back(std::move(regex));
    flags.push_back(flag);
    ids.push_back(static_cast<unsigned>(i));
  }
  for (size_t i = 0; i < work.words.size(); ++i) {
    texts.push_back(Escaped(work.words[i]));
    flags.push_back(HS_FLAG_CASELESS);
    ids.push_back(kWordIds + static_cast<unsigned>(i));
  }
  std::vector<const char*> pointers;
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_compile_multi(pointers.data(), flags.data(), ids.data(), static_cast<unsigned>(pointers.size()),
                       HS_MODE_BLOCK, nullptr, &database, &error) != HS_SUCCESS) {
    std::fprintf(stderr, "Vectorscan: %s\n", error->message);
    hs_free_compile_error(error);
    return nullptr;
  }
  return std::make_unique<VectorscanEngine>(work, database, spans);
}

}  // namespace hpol::bench
