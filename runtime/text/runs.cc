// One walk over the alphabet runs of a text. Each byte is tried a fixed number of times: in a
// list, in lines, alone, and there at four alignments.
#include "runtime/text/runs.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "runtime/text/fold.h"
#include "runtime/text/wipe.h"

namespace hpol::text {
namespace {

constexpr size_t kLongRun = 1024;
constexpr size_t kHead = 256;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsAlnum(char c) { return IsDigit(c) || IsUpper(c) || IsLower(c); }

// Length of one line end at `at` with the indentation behind it, or 0.
uint32_t LineEnd(std::string_view text, uint32_t at) {
  uint32_t end = at;
  if (end < text.size() && text[end] == '\r') ++end;
  if (end >= text.size() || text[end] != '\n') return 0;
  ++end;
  while (end < text.size() && end - at < 10 && (text[end] == ' ' || text[end] == '\t')) ++end;
  return end - at;
}

// A digest in hexadecimal by its length: MD5, SHA-1, SHA-2 and SHA-3. Nobody reads text out of one.
bool IsDigest(std::string_view run) {
  constexpr size_t kLengths[] = {32, 40, 48, 56, 64, 96, 128};
  return std::find(std::begin(kLengths), std::end(kLengths), run.size()) != std::end(kLengths) && IsHex(run);
}

// `sha512-…`: a digest in a lock file or an `integrity` attribute.
bool IsIntegrity(std::string_view run) {
  return run.size() < 100 &&
         (run.starts_with("sha256-") || run.starts_with("sha384-") || run.starts_with("sha512-"));
}

int ClassOf(char c) { return IsDigit(c) ? 0 : IsUpper(c) ? 1 : IsLower(c) ? 2 : 3; }

// Many characters and often another class of them, as no word, rule or row of one character has.
bool LooksEncoded(std::string_view run) {
  std::bitset<256> seen;
  size_t changes = 0;
  bool digit = false;
  for (size_t i = 0; i < run.size(); ++i) {
    seen.set(static_cast<uint8_t>(run[i]));
    digit = digit || IsDigit(run[i]);
    changes += i > 0 && ClassOf(run[i]) != ClassOf(run[i - 1]) ? 1 : 0;
  }
  return digit && seen.count() >= 12 && changes * 8 >= run.size();
}

size_t CountDigits(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), IsDigit));
}

// A list of numbers that are codes of characters.
struct CodeList {
  uint32_t end = 0;
  uint32_t items = 0;
  bool prefixed = false;  // 0x
  bool hex = true;        // each item can be read so
  bool decimal = true;
};

// One item at `at`; returns its end or 0. Appends what it stands for.
uint32_t ReadItem(std::string_view text, uint32_t at, CodeList& list, std::string& hex,
                  std::string& decimal) {
  const bool prefixed = text.size() - at > 2 && text[at] == '0' && (text[at + 1] | 0x20) == 'x';
  if (list.items > 0 && prefixed != list.prefixed) return 0;
  list.prefixed = prefixed;
  const uint32_t begin = at + (prefixed ? 2 : 0);
  uint32_t end = begin;
  uint32_t as_hex = 0;
  uint32_t as_decimal = 0;
  bool digits = true;
  for (; end < text.size() && end - begin < 4 && IsAlnum(text[end]); ++end) {
    const int value = HexValue(static_cast<uint8_t>(text[end]));
    if (value < 0) return 0;
    digits = digits && value < 10;
    as_hex = as_hex * 16 + static_cast<uint32_t>(value);
    as_decimal = as_decimal * 10 + static_cast<uint32_t>(value);
  }
  const uint32_t size = end - begin;
  if (size < (prefixed ? 1u : 2u) || size > 3 || (end < text.size() && IsAlnum(text[end]))) return 0;
  const bool hex_item = size <= 2;
  const bool decimal_item = !prefixed && digits && as_decimal >= 9 && as_decimal < 256;
  if (!(list.hex && hex_item) && !(list.decimal && decimal_item)) return 0;
  list.hex = list.hex && hex_item;
  list.decimal = list.decimal && decimal_item;
  hex.push_back(static_cast<char>(as_hex));
  decimal.push_back(static_cast<char>(as_decimal));
  return end;
}

// Length of what separates two items: one or two of white space and `,;:-`, or 0. The fast look counts on
// two.
uint32_t ReadSeparator(std::string_view text, uint32_t at) {
  uint32_t end = at;
  while (end < text.size() && end - at < 2 && IsListSeparator(text[end])) ++end;
  return end - at;
}

}  // namespace

bool IsListSeparator(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == ',' || c == ';' || c == ':' || c == '-';
}

uint32_t RunEnd(std::string_view text, uint32_t at) {
  while (at < text.size() && IsBase64(text[at])) ++at;
  return at;
}

void EncodedLook::Add(std::string_view part) {
  for (const char c : part) {
    mixed_ = mixed_ || IsDigit(c) || (IsUpper(c) && lower_);
    if (mixed_) return;
    lower_ = lower_ || IsLower(c);
    upper_ = upper_ || IsUpper(c);
  }
}

bool MayBeEncoded(std::string_view run) {
  EncodedLook look;
  look.Add(run);
  return look.MayBe();
}

uint32_t RunDecoder::Run(Source source, std::span<const uint32_t> starts, Steps steps, bool nested,
                         size_t limit, Draft& draft, std::vector<RawRange>& opaque,
                         std::vector<UnreadRun>& unread) {
  draft.Begin(source, limit);
  text_ = source.text;
  steps_ = steps;
  nested_ = nested;
  draft_ = &draft;
  opaque_ = &opaque;
  unread_ = &unread;
  copied_ = count_ = lines_end_ = list_end_ = text_end_ = 0;
  uint32_t done = 0;
  for (const uint32_t start : starts) {
    if (start >= done) done = At(start);
  }
  if (count_ > 0) draft.Copy(copied_, static_cast<uint32_t>(text_.size()));
  return count_;
}

// The run that begins at `at`; returns where to go on.
uint32_t RunDecoder::At(uint32_t at) {
  if (at >= list_end_ && steps_.Has(Step::kHex)) {
    if (const uint32_t end = List(at)) return end;
  }
  const uint32_t end = RunEnd(text_, at);
  if (at >= lines_end_) {
    if (const uint32_t after = Lines(at, end)) return after;
  }
  Single(at, end);
  return std::max(end, copied_);
}

uint32_t RunDecoder::List(uint32_t at) {
  if (at > 0 && IsAlnum(text_[at - 1])) return 0;
  CodeList list;
  bytes_.clear();
  other_.clear();
  for (uint32_t next = at; next < text_.size();) {
    const uint32_t end = ReadItem(text_, next, list, bytes_, other_);
    if (end == 0) break;
    ++list.items;
    list.end = end;
    const uint32_t gap = ReadSeparator(text_, end);
    if (gap == 0) break;
    next = end + gap;
  }
  list_end_ = std::max(list_end_, list.end);
  if (list.items < kMinList + (list.prefixed ? 0 : 2)) return 0;
  if (list.end - at > kMaxRun) {
    ReportOpaque(at, list.end);
    return list.end;
  }
  bytes_.resize(list.items);  // an item that ended the list may have left a byte
  other_.resize(list.items);
  const bool hex = list.hex && LooksLikeText(bytes_);
  const bool decimal = list.decimal && LooksLikeText(other_);
  if (decimal && (!hex || CountDigits(other_) > CountDigits(bytes_))) bytes_.swap(other_);
  if (!hex && !decimal) return 0;
  return Write(at, list.end) ? list.end : 0;
}

// Two lines or more: all as long as the first, the last may be shorter.
uint32_t RunDecoder::Lines(uint32_t at, uint32_t end) {
  const uint32_t width = end - at;
  if (width < kMinLine || width % 4 != 0 || !steps_.Has(Step::kBase64)) return 0;
  compact_.assign(text_.substr(at, width));
  uint32_t last = end;
  bool digests = IsDigest(compact_);
  while (const uint32_t gap = LineEnd(text_, last)) {
    const uint32_t begin = last + gap;
    const uint32_t next = RunEnd(text_, begin);
    if (next == begin || next - begin > width) break;
    compact_.append(text_.substr(begin, next - begin));
    digests = digests && IsDigest(text_.substr(begin, next - begin));
    last = next;
    if (next - begin < width) break;
  }
  lines_end_ = last;
  if (last == end || digests || compact_.size() < kMinBase64 || !MayBeEncoded(compact_)) return 0;
  const uint32_t after = WithPadding(last);
  if (last - at > kMaxRun) {
    ReportOpaque(at, after);
    return after;
  }
  const Reading reading = Decode(compact_);
  if (reading == Reading::kText) {
    if (partial_) ReportOpaque(at, after);
    return Write(at, after) ? after : 0;
  }
  JudgeOpaque(at, after, compact_, reading, true);
  return 0;
}

void RunDecoder::Single(uint32_t at, uint32_t end) {
  if (end - at < kMinBase64) return;
  if (end - at > kMaxRun) return ReportOpaque(at, end);
  const std::string_view run = text_.substr(at, end - at);
  if (!MayBeEncoded(run)) return;
  const uint32_t after = WithPadding(end);
  const Reading reading = Decode(run);
  if (reading != Reading::kText) return JudgeOpaque(at, after, run, reading, false);
  if (partial_) ReportOpaque(at, after);
  Write(at, after);
}

uint32_t RunDecoder::WithPadding(uint32_t end) const {
  for (uint32_t i = 0; i < 6 && end < text_.size() && text_[end] == '='; ++i) ++end;  // base32 has up to six
  return end;
}

// Leaves the text in bytes_. Hexadecimal first: its digits are base64 too, and never text then.
RunDecoder::Reading RunDecoder::Decode(std::string_view run) {
  Reading best = Reading::kNothing;
  if (steps_.Has(Step::kHex)) {
    const bool prefixed = run.starts_with("0x") || run.starts_with("0X");
    const std::string_view digits = run.substr(prefixed ? 2 : 0);
    if (digits.size() >= kMinHex && digits.size() % 2 == 0 && IsHex(digits) && Try(DecodeHex, digits, best)) {
      return best;
    }
  }
  if (steps_.Has(Step::kBase64) && Try(DecodeBase64, run, best)) return best;
  if (steps_.Has(Step::kBase32) && run.size() >= kMinBase32 && IsBase32(run) &&
      Try(DecodeBase32, run, best)) {
    return best;
  }
  // Something of the alphabet may be glued in front.
  for (size_t skip = 1; skip < 4 && steps_.Has(Step::kBase64) && run.size() - skip >= kMinBase64; ++skip) {
    if (Try(DecodeBase64, run.substr(skip), best)) return best;
  }
  return best;
}

bool RunDecoder::Try(void (*decode)(std::string_view, std::string&), std::string_view run, Reading& best) {
  if (run.size() >= kLongRun) {  // its head tells; a long run that is no text is opaque, so nothing is lost
    bytes_.clear();
    decode(run.substr(0, kHead), bytes_);
    if (!LooksLikeText(bytes_) && !HasInflateMagic(bytes_)) {
      if (HasMagic(bytes_)) best = std::max(best, Reading::kBlob);
      return false;
    }
  }
  bytes_.clear();
  decode(run, bytes_);
  const Reading reading = Judge(run.size());
  best = std::max(best, reading);
  return reading == Reading::kText;
}

RunDecoder::Reading RunDecoder::Judge(size_t run_size) {
  partial_ = false;
  if (steps_.Has(Step::kInflate) && HasInflateMagic(bytes_)) {
    other_.clear();
    const size_t room = std::min(draft_->room(), run_size * (nested_ ? 1 : kRunGrowth));
    partial_ = !inflater_.Run(bytes_, room, other_);
    if (!other_.empty() && LooksLikeText(other_)) {
      bytes_.swap(other_);
      return Reading::kText;
    }
    // Two bytes of zlib happen by chance, so only a whole stream is a container.
    if (!partial_) return Reading::kBlob;
    partial_ = false;
  }
  const bool magic = HasMagic(bytes_);
  if (!LooksLikeText(bytes_)) return magic ? Reading::kBlob : Reading::kNothing;
  partial_ = magic;  // a container that shows some text may pack more
  return Reading::kText;
}

// bytes_ in place of the source bytes [begin, end). False: left for one level up.
bool RunDecoder::Write(uint32_t begin, uint32_t end) {
  if (nested_ && !draft_->Touches(begin, end)) return false;
  std::erase(bytes_, '\0');
  if (end < text_.size() && IsAlnum(text_[end])) bytes_.push_back(' ');  // a digit there would hide a value
  draft_->Copy(copied_, begin);
  draft_->Put(begin, end, bytes_, true);
  copied_ = text_end_ = end;
  ++count_;
  return true;
}

void RunDecoder::JudgeOpaque(uint32_t begin, uint32_t end, std::string_view run, Reading reading,
                             bool lines) {
  if (reading == Reading::kBlob) return ReportOpaque(begin, end);
  if (run.size() < kOpaquePart || IsDigest(run) || IsIntegrity(run) || !LooksEncoded(run)) return;
  // The signature of a JSON web token, whose other parts were just read: up to RSA of 4096 bits.
  const bool signature =
      begin > 0 && text_[begin - 1] == '.' && text_end_ != 0 && text_end_ + 1 == begin && run.size() < 700;
  if (run.size() >= kOpaqueRun && !signature) return ReportOpaque(begin, end);
  if (lines) return;  // its lines are counted one by one
  if (nested_ && !draft_->Touches(begin, end)) return;
  unread_->push_back({draft_->Raw(begin, end), static_cast<uint32_t>(run.size())});
}

void RunDecoder::ReportOpaque(uint32_t begin, uint32_t end) {
  if (!steps_.Has(Step::kOpaque) || (nested_ && !draft_->Touches(begin, end))) return;
  opaque_->push_back(draft_->Raw(begin, end));
}

void RunDecoder::Wipe() {
  text::Wipe(compact_);
  text::Wipe(bytes_);
  text::Wipe(other_);
  inflater_.Wipe();
}

}  // namespace hpol::text
