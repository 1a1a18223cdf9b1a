#include "runtime/surface/walker.h"

#include <algorithm>
#include <string>

#include "runtime/surface/data_url.h"
#include "runtime/surface/json_reader.h"
#include "runtime/surface/json_scalar.h"
#include "runtime/surface/refusal_words.h"

namespace hpol::surface {
namespace {

constexpr uint32_t kLongNumber = 7;  // digits from which a number is text (rule T)
constexpr uint32_t kNoPatch = 0xffffffff;

// Where the walk stands: a node of the registry, or one of the kinds of place below. Children of
// these stay there.
using Place = int32_t;
constexpr Place kUnregistered = -1;  // nobody knows what the server does with it
constexpr Place kSilent = -2;        // free JSON whose strings do not join
constexpr Place kFreeText = -3;      // free JSON whose strings join
constexpr Place kSchema = -4;        // the same, and a JSON schema
constexpr Place kOpaque = -5;        // nobody can read what stands here
constexpr bool IsNode(Place place) { return place >= 0; }

struct Frame {
  Place place = kUnregistered;
  bool array = false;
  uint8_t required = 0;  // required members seen
  uint32_t element = 0;  // arrays: index of the next element
  // Objects: the member being read.
  Place member = kUnregistered;
  std::string_view name;               // as registered or as written
  bool is_ref = false;                 // a schema's reference
  uint32_t key_begin = 0;              // of its opening quote
  uint32_t key_piece = Piece::kNoKey;  // arrays: of the member that they are
  uint32_t comma = 0;
  bool remove = false;             // must not go upstream
  bool kept = false;               // an earlier member goes upstream
  uint32_t open_patch = kNoPatch;  // removal of leading members: ends at the next comma
};

Field::Type TypeOf(Token token) {
  switch (token) {
    case Token::kString:
      return Field::Type::kString;
    case Token::kNumber:
      return Field::Type::kNumber;
    case Token::kTrue:
    case Token::kFalse:
      return Field::Type::kBool;
    case Token::kBeginArray:
      return Field::Type::kArray;
    default:
      return Field::Type::kObject;
  }
}

bool IsReference(std::string_view key) {
  return key == "$ref" || key == "$dynamicRef" || key == "$recursiveRef";
}

// What a thread keeps from one body to the next, so that a walk allocates nothing.
struct Memory {
  JsonReader reader;
  Frame frames[kMaxDepth];
};

class Walker {
 public:
  Walker(const Registry& registry, std::string_view body, Content& content, Memory& memory)
      : body_(body), content_(content), reader_(memory.reader), frames_(memory.frames), registry_(registry) {}

  void Run();

 private:
  void OnKey(const Event& event);
  void OnValue(const Event& event);
  void OnClose(const Event& event);
  void EndValue(uint32_t end);

  Place ValuePlace() const;
  Place ChildOf(Place parent) const;
  bool Joins(Place place) const;
  void CheckNode(const Event& event, const Node& node);
  void CheckRule(const Event& event, const Node& node);
  void CheckBounds(const Event& event, const Node& node);
  void CheckFree(const Event& event, Place place);
  void AddPiece(const Event& event, Place place);
  void ClosePatch(Frame& frame, uint32_t end);
  void Force(const Frame& frame, const Event& event);

  bool OneOf(const Event& event, const Node& node);
  void Remove() { top().remove = true; }
  void Refuse(RefusalKind kind, std::string message);
  std::string Path() const;

  Frame& top() { return frames_[depth_ - 1]; }
  uint32_t KeyPiece() const { return depth_ > 0 ? frames_[depth_ - 1].key_piece : Piece::kNoKey; }

  std::string_view body_;
  Content& content_;
  JsonReader& reader_;
  Frame* frames_;
  const Registry& registry_;
  int depth_ = 0;
};

void Walker::Run() {
  reader_.Start(body_);
  while (true) {
    const Event event = reader_.Next();
    switch (event.token) {
      case Token::kEnd:
        return;
      case Token::kError: {
        // Overrides what the registry found: a body of two readings has no fields.
        std::string message = std::string("the body is not one unambiguous JSON object: ") + reader_.error();
        if (reader_.error_offset() != JsonReader::kNoOffset) {
          message += " (byte " + std::to_string(reader_.error_offset()) + ")";
        }
        content_.refusal = {RefusalKind::kMalformed, "", std::move(message)};
        return;
      }
      case Token::kKey:
        OnKey(event);
        break;
      case Token::kEndObject:
      case Token::kEndArray:
        OnClose(event);
        break;
      default:
        OnValue(event);
    }
  }
}

void Walker::OnKey(const Event& event) {
  Frame& frame = top();
  if (frame.open_patch != kNoPatch) ClosePatch(frame, event.comma + 1);
  frame.key_begin = event.begin - 1;
  frame.comma = event.comma;
  frame.remove = false;
  frame.name = body_.substr(event.begin, event.end - event.begin);
  const bool known_object = IsNode(frame.place);
  const Registry::Child child =
      known_object ? registry_.Find(frame.place, reader_.Text(event), event.key_hash) : Registry::Child();
  if (child.id >= 0 && child.spelled) {
    const Node& node = registry_.node(child.id);
    frame.member = node.same >= 0 ? node.same : child.id;
    frame.name = node.name;
    frame.required = static_cast<uint8_t>(frame.required | node.required_bit);
  } else {
    frame.member = ChildOf(frame.place);
    // Some servers ignore case here and some do not, so this may or may not be that field.
    if (child.id >= 0) Refuse(RefusalKind::kUnregistered, "this field differs from a known one only in case");
    if (known_object && frame.member == kUnregistered && content_.unregistered.empty()) {
      content_.unregistered = Path();
    }
  }
  frame.is_ref = frame.member == kSchema && IsReference(reader_.Text(event));
  if (frame.member == kOpaque) content_.unscanned = true;
  const auto piece = static_cast<uint32_t>(content_.pieces.size());
  AddPiece(event, frame.member);
  // The names of an API say nothing about what its callers write beside them: `tool_call_id` makes no
  // number an identity number.
  const bool of_caller = !IsNode(frame.member);
  frame.key_piece = of_caller && content_.pieces.size() > piece ? piece : Piece::kNoKey;
}

// The place of a member or element that has no row of its own.
Place Walker::ChildOf(Place parent) const {
  if (!IsNode(parent)) return parent;
  const Node& node = registry_.node(parent);
  if (!node.row) return kUnregistered;
  switch (node.row->rule) {
    case Rule::kFree:
      return kFreeText;
    case Rule::kSchema:
      return kSchema;
    case Rule::kUnscanned:
      return node.has_children ? kUnregistered : kOpaque;
    case Rule::kRemove:
    case Rule::kRefuse:
      return kSilent;
    default:
      return kUnregistered;
  }
}

Place Walker::ValuePlace() const {
  if (depth_ == 0) return Registry::kRoot;
  const Frame& frame = frames_[depth_ - 1];
  if (!frame.array) return frame.member;
  const int32_t element = IsNode(frame.place) ? registry_.node(frame.place).element : -1;
  if (element < 0) return ChildOf(frame.place);
  const int32_t same = registry_.node(element).same;
  return same >= 0 ? same : element;
}

void Walker::OnValue(const Event& event) {
  const Place place = ValuePlace();
  if (place == kOpaque) content_.unscanned = true;
  if (!IsNode(place)) {
    CheckFree(event, place);
  } else if (const Node& node = registry_.node(place); node.row) {
    CheckNode(event, node);
  }

  if (event.token == Token::kBeginObject || event.token == Token::kBeginArray) {
    const uint32_t key = KeyPiece();
    Frame& frame = frames_[depth_++];
    frame = Frame();
    frame.place = place;
    frame.array = event.token == Token::kBeginArray;
    if (frame.array) frame.key_piece = key;
    return;
  }
  AddPiece(event, place);
  EndValue(event.token == Token::kString ? event.end + 1 : event.end);
}

void Walker::OnClose(const Event& event) {
  Frame& frame = top();
  if (frame.open_patch != kNoPatch) ClosePatch(frame, content_.patches[frame.open_patch].end);
  if (!frame.array && IsNode(frame.place)) {
    const uint8_t all = registry_.node(frame.place).required_all;
    const uint8_t missing = static_cast<uint8_t>(all & ~frame.required);
    if (missing && content_.refusal.kind == RefusalKind::kNone) {
      const uint8_t first = static_cast<uint8_t>(missing & -missing);
      frame.name = registry_.RequiredName(frame.place, first);
      Refuse(RefusalKind::kMissing, "this field is required");
    }
  }
  if (depth_ == 1) Force(frame, event);
  --depth_;
  if (depth_ > 0) EndValue(event.end);
}

// Members that must go upstream and are absent stand before the last brace. Something stands before
// them: a model is named in every body that is accepted.
void Walker::Force(const Frame& frame, const Event& event) {
  std::string text;
  for (const int32_t id : registry_.forced()) {
    const Node& node = registry_.node(id);
    if (frame.required & node.required_bit) continue;
    text += ",\"" + std::string(node.name) + "\":" + std::string(node.row->spec);
  }
  if (!text.empty()) content_.patches.push_back({event.end - 1, event.end, text + "}"});
}

// A member or element ends before byte `end`. A member that must not go upstream becomes a patch
// over itself and one comma: the one before it when something stays before it, else the one after.
void Walker::EndValue(uint32_t end) {
  Frame& frame = top();
  if (frame.array) {
    ++frame.element;
    return;
  }
  if (!frame.remove) {
    frame.kept = true;
    return;
  }
  if (frame.kept) {
    content_.patches.push_back({frame.comma, end, {}});
    return;
  }
  frame.open_patch = static_cast<uint32_t>(content_.patches.size());
  content_.patches.push_back({frame.key_begin, end, {}});
}

void Walker::ClosePatch(Frame& frame, uint32_t end) {
  content_.patches[frame.open_patch].end = end;
  frame.open_patch = kNoPatch;
}

void Walker::CheckNode(const Event& event, const Node& node) {
  const Row& row = *node.row;
  const bool null = event.token == Token::kNull;
  if (row.rule == Rule::kRemove || (row.rule == Rule::kRefuse && null)) Remove();
  if (row.rule == Rule::kForce && null) {
    content_.patches.push_back({event.begin, event.end, std::string(row.spec)});
    return;
  }
  if (null && !row.required && !row.path.ends_with("[]")) return;
  if (null || !Has(row.type, TypeOf(event.token))) {
    // Whatever stands in a field that acts is refused as that, so that the answer says why.
    if (row.rule != Rule::kRefuse) return Refuse(RefusalKind::kType, "must be " + TypeWords(row.type));
  }
  CheckRule(event, node);
}

void Walker::CheckRule(const Event& event, const Node& node) {
  const Row& row = *node.row;
  const bool string = event.token == Token::kString;
  switch (row.rule) {
    case Rule::kOneOf:
      if (!string || OneOf(event, node)) return;
      if (KindOf(row.field_class) != RefusalKind::kType)
        return Refuse(KindOf(row.field_class), MessageOf(row.field_class));
      return Refuse(RefusalKind::kType, "must be one of: " + Choices(node));
    case Rule::kRange:
    case Rule::kInteger:
      return CheckBounds(event, node);
    case Rule::kTokens:
      if (event.token == Token::kNumber) content_.unscanned = true;
      return;
    case Rule::kForce:
      if (!OneOf(event, node)) return Refuse(KindOf(row.field_class), MessageOf(row.field_class));
      return;
    case Rule::kUnscanned:
      if (!string ? event.token == Token::kNumber || event.token == Token::kTrue : event.end > event.begin) {
        content_.unscanned = true;
      }
      return;
    case Rule::kInlineUrl:
      if (!string) return;
      if (!IsDataUrl(reader_.Text(event))) return Refuse(RefusalKind::kFetch, MessageOf(row.field_class));
      if (!HoldsText(reader_.Text(event))) content_.unscanned = true;
      return;
    case Rule::kRefuse:
      if (!OneOf(event, node)) return Refuse(KindOf(row.field_class), MessageOf(row.field_class));
      Remove();
      return;
    case Rule::kModel:
      if (event.end == event.begin) return Refuse(RefusalKind::kMissing, "a model must be named");
      content_.model_begin = event.begin - 1;
      content_.model_end = event.end + 1;
      return;
    case Rule::kStream:
      content_.stream = event.token == Token::kTrue;
      return;
    default:
      return;
  }
}

void Walker::CheckBounds(const Event& event, const Node& node) {
  const double value = NumberValue(body_.substr(event.begin, event.end - event.begin));
  const bool whole = node.row->rule == Rule::kInteger;
  if ((whole && !event.integer) || value < node.low || value > node.high) {
    const std::string_view spec = node.row->spec;
    const size_t space = spec.find(' ');
    Refuse(RefusalKind::kType, std::string(whole ? "must be an integer from " : "must be a number from ") +
                                   std::string(spec.substr(0, space)) + " to " +
                                   std::string(spec.substr(space + 1)));
  }
}

// Values without a row of their own.
void Walker::CheckFree(const Event& event, Place place) {
  const bool element = top().array;
  // A server may take a list of integers for token ids. A schema's `enum` is no such place.
  if (element && place != kSchema && event.token == Token::kNumber) content_.unscanned = true;
  if (!element && top().is_ref && event.token == Token::kString) {
    const std::string_view target = reader_.Text(event);
    if (!target.empty() && target[0] != '#')
      Refuse(RefusalKind::kFetch, "a schema may refer only to itself (`#…`)");
  }
}

bool Walker::OneOf(const Event& event, const Node& node) {
  const std::string_view text = event.token == Token::kString
                                    ? reader_.Text(event)
                                    : body_.substr(event.begin, event.end - event.begin);
  // `false` and "false" are different values.
  if (event.token == Token::kString && node.row->type == Field::Type::kBool) return false;
  for (const std::string_view word : node.words) {
    if (word == text) return true;
    if (word[0] == '!' && word.substr(1) == text) return content_.unscanned = true;
  }
  return false;
}

void Walker::AddPiece(const Event& event, Place place) {
  if (event.token == Token::kNumber) {
    if (event.digits >= kLongNumber) {
      content_.pieces.push_back(
          {.begin = event.begin, .end = event.end, .kind = Piece::Kind::kNumber, .key = KeyPiece()});
    }
    return;
  }
  const bool key = event.token == Token::kKey;
  // Nothing stands in an empty string, and in a joined view it would only add a separator.
  if ((!key && event.token != Token::kString) || event.begin == event.end) return;
  content_.pieces.push_back({.begin = event.begin,
                             .end = event.end,
                             .kind = key ? Piece::Kind::kKey : Piece::Kind::kText,
                             .json = true,
                             .joins = !key && Joins(place),
                             .key = key ? Piece::kNoKey : KeyPiece()});
}

bool Walker::Joins(Place place) const {
  if (!IsNode(place)) return place == kFreeText || place == kSchema;
  const Row* row = registry_.node(place).row;
  return row && (row->rule == Rule::kText || row->rule == Rule::kTokens);
}

// The first refusal stays.
void Walker::Refuse(RefusalKind kind, std::string message) {
  if (content_.refusal.kind == RefusalKind::kNone) content_.refusal = {kind, Path(), std::move(message)};
}

std::string Walker::Path() const {
  std::string path;
  for (int i = 0; i < depth_ && path.size() <= kMaxPathBytes; ++i) {
    const Frame& frame = frames_[i];
    if (frame.array) {
      path += "[" + std::to_string(frame.element) + "]";
    } else {
      if (!path.empty()) path += '.';
      path += frame.name;
    }
  }
  Truncate(path);
  return path;
}

}  // namespace

void WalkJson(const Registry& registry, std::string_view body, Content& content) {
  thread_local Memory memory;
  Walker(registry, body, content, memory).Run();
}

}  // namespace hpol::surface
