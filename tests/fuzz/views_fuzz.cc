// Any bytes as pieces of a body. Views must not crash, ranges must be ordered and inside their piece,
// decoded texts must stay within the growth limit, and the fast look must not miss what a step would do.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/text/escapes.h"
#include "runtime/text/runs.h"
#include "runtime/text/survey.h"
#include "runtime/text/views.h"
#include "runtime/text/widen.h"

namespace {

using namespace hpol::text;
using hpol::surface::Content;
using hpol::surface::Piece;

void Check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

// A 0xff byte ends a piece; the byte after it says what the next one is.
Content Cut(std::string_view body) {
  Content content;
  for (size_t begin = 0; begin < body.size();) {
    const auto kind = static_cast<uint8_t>(body[begin++]);
    size_t end = body.find('\xff', begin);
    if (end == std::string_view::npos) end = body.size();
    Piece piece;
    piece.begin = static_cast<uint32_t>(begin);
    piece.end = static_cast<uint32_t>(end);
    piece.kind = static_cast<Piece::Kind>(kind % 3);
    piece.json = (kind & 4) != 0;
    piece.joins = (kind & 8) != 0;
    if (end > begin) content.pieces.push_back(piece);
    begin = end + 1;
  }
  return content;
}

void CheckRanges(std::string_view body, const Views& views) {
  std::vector<RawRange> ranges;
  for (size_t v = 0; v < views.size(); ++v) {
    const auto size = static_cast<uint32_t>(views[v].text.size());
    const uint32_t step = 1 + size / 64;
    uint32_t last_begin = 0;
    for (uint32_t at = 0; at < size; at += step) {
      const uint32_t end = at + 1 + (at * 7) % (size - at);
      views.Locate(v, at, end, ranges);
      Check(!ranges.empty() || views[v].joined, "a range");
      uint32_t before = 0;
      for (const RawRange& range : ranges) {
        Check(before <= range.begin && range.begin < range.end && range.end <= body.size(), "ordered ranges");
        before = range.end;
      }
      if (views[v].joined) continue;
      Check(ranges.size() == 1 && last_begin <= ranges[0].begin, "later text is later in the body");
      last_begin = ranges[0].begin;
    }
  }
  for (const RawRange& range : views.opaque())
    Check(range.begin < range.end && range.end <= body.size(), "opaque range");
}

// Each decoded text stands at most twice, the second time wider, and all of them again for tag characters.
void CheckGrowth(std::string_view body, const Views& views) {
  size_t decoded = 0;
  for (size_t v = 0; v < views.size(); ++v) decoded += views[v].level > 0 ? views[v].text.size() : 0;
  Check(decoded <= 4 * kGrowth * body.size(), "growth");
}

void CheckLook(std::string_view text) {
  static Draft draft;
  static RunDecoder runs;
  static std::vector<uint32_t> starts;
  static std::vector<uint32_t> all_starts;
  const Survey survey = Look(text, starts);
  const Segment all = {0,    static_cast<uint32_t>(text.size()), 0, static_cast<uint32_t>(text.size()), false,
                       false};
  const Source source = {text, {&all, 1}};
  if (!survey.high && !survey.gaps) {
    Widen(source, {}, draft);
    Check(!draft.changed(), "a gap was not seen");
  }
  if (!survey.escapes && !survey.backslash)
    Check(ResolveEscapes(source, {}, false, draft) == 0, "an escape was not seen");
  if (!survey.equals)
    Check(ResolveQuotedPrintable(source, false, draft) == 0, "quoted-printable was not seen");
  // The starts that it saw find all that the beginnings of all runs find, and lists inside runs besides.
  Check(survey.runs == !starts.empty(), "starts");
  all_starts.clear();
  for (uint32_t at = 0; at < text.size(); ++at) {
    if (IsBase64(text[at]) && (at == 0 || !IsBase64(text[at - 1]))) all_starts.push_back(at);
  }
  std::vector<RawRange> opaque;
  std::vector<RawRange> all_opaque;
  std::vector<UnreadRun> unread;
  const uint32_t count = runs.Run(source, starts, {}, false, 4 * text.size(), draft, opaque, unread);
  Check(runs.Run(source, all_starts, {}, false, 4 * text.size(), draft, all_opaque, unread) <= count,
        "a run was not seen");
  Check(all_opaque.size() <= opaque.size(), "an opaque run was not seen");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Views views;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  views.Build(body, Cut(body));
  CheckRanges(body, views);
  CheckGrowth(body, views);
  for (size_t v = 0; v < views.size(); ++v) {
    if (!views[v].joined) CheckLook(views[v].text);
  }
  return 0;
}
