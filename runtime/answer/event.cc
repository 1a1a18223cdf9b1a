#include "runtime/answer/event.h"

#include "runtime/surface/json_scalar.h"

namespace hpol::answer {

using surface::Token;

bool Event::Read(Surface surface, std::string_view data) {
  surface_ = surface;
  data_ = data;
  path_.clear();
  frames_.clear();
  stack_.clear();
  fields_.clear();
  field_frames_.clear();
  end_frames_.clear();
  ends_.clear();
  type_.clear();
  sequence_begin_ = sequence_end_ = 0;
  unknown_.clear();
  unknown_depth_ = 0;
  reader_.Start(data);
  for (;;) {
    const surface::Event token = reader_.Next();
    switch (token.token) {
      case Token::kError:
        return false;
      case Token::kEnd: {
        for (size_t i = 0; i < fields_.size(); ++i) {
          Field& field = fields_[i];
          field.chain = ChainOf(field_frames_[i]);
          if (field.role == Role::kDelta) {
            field.role = IsToolType(type_) ? Role::kJson : Role::kProse;
            field.name += type_;
          }
        }
        for (const uint32_t frame : end_frames_) ends_.push_back(ChainOf(frame));
        if (!type_.empty() && EndsTexts(surface_, type_)) ends_.push_back(ChainOf(0));
        return true;
      }
      case Token::kBeginObject:
      case Token::kBeginArray:
        Open(token.token == Token::kBeginArray);
        break;
      case Token::kEndObject:
      case Token::kEndArray:
        stack_.pop_back();
        if (!stack_.empty() && stack_.size() == unknown_depth_) EndUnknown(token.end);
        break;
      case Token::kKey:
        Key(token);
        break;
      default:
        Value(token);
        if (stack_.size() == unknown_depth_) EndUnknown(token.end + (token.token == Token::kString ? 1 : 0));
        break;
    }
  }
}

void Event::Key(const surface::Event& token) {
  Frame& frame = frames_[stack_.back()];
  path_.resize(frame.path);
  if (!path_.empty()) path_.push_back('.');
  path_.append(reader_.Text(token));
  if (unknown_depth_ != 0) return;
  const bool first = token.comma == surface::Event::kNoComma;
  const bool after_unknown = frame.first_unknown;
  if (after_unknown) unknown_.back().end = token.comma + 1;
  if (RoleHere() != Role::kUnknown) {
    frame.first_unknown = false;
    return;
  }
  unknown_depth_ = stack_.size();
  frame.first_unknown = first || after_unknown;
  unknown_begin_ = first || after_unknown ? token.begin - 1 : token.comma;
}

void Event::EndUnknown(uint32_t end) {
  unknown_.push_back({unknown_begin_, end, {}});
  unknown_depth_ = 0;
}

Role Event::RoleHere() const {
  const Role inherited = stack_.empty() ? Role::kUnknown : frames_[stack_.back()].inherited;
  return inherited != Role::kUnknown ? inherited : RoleOf(surface_, path_);
}

void Event::Open(bool array) {
  Frame frame;
  if (!stack_.empty()) {
    Frame& parent = frames_[stack_.back()];
    frame.parent = stack_.back();
    frame.element = parent.array;
    if (parent.array) {
      frame.position = parent.position++;
      path_.resize(parent.path);
    }
    const Role role = RoleHere();
    if (role == Role::kPass || role == Role::kArguments) frame.inherited = role;
  }
  if (array) path_.append("[]");
  frame.path = path_.size();
  frame.array = array;
  if (array) frame.position = 0;
  stack_.push_back(static_cast<uint32_t>(frames_.size()));
  frames_.push_back(std::move(frame));
}

void Event::Value(const surface::Event& token) {
  const uint32_t frame = stack_.back();
  if (frames_[frame].array) path_.resize(frames_[frame].path);
  const Role role = RoleHere();
  switch (token.token) {
    case Token::kString:
      Text(token, role);
      break;
    case Token::kNumber:
      if (role == Role::kNumber) {
        frames_[frame].numbers.append(data_.substr(token.begin, token.end - token.begin)).push_back(';');
      } else if (role == Role::kSequence) {
        sequence_begin_ = token.begin;
        sequence_end_ = token.end;
      }
      break;
    case Token::kTrue:
      if (role == Role::kEnd) end_frames_.push_back(frame);
      break;
    default:
      break;
  }
}

void Event::Text(const surface::Event& token, Role role) {
  const uint32_t frame = stack_.back();
  if (role == Role::kEnd) end_frames_.push_back(frame);
  if (role == Role::kType) {
    const std::string_view raw = data_.substr(token.begin, token.end - token.begin);
    token.escaped ? surface::Unescape(raw, type_) : void(type_ = raw);
  }
  const size_t dot = path_.rfind('.');
  fields_.push_back({role,
                     token.begin,
                     token.end,
                     token.escaped,
                     dot == std::string::npos ? path_ : path_.substr(dot + 1),
                     {}});
  field_frames_.push_back(frame);
}

std::string Event::ChainOf(uint32_t frame) const {
  const Frame& here = frames_[frame];
  std::string chain = frame == 0 ? std::string() : ChainOf(here.parent);
  if (!here.numbers.empty()) {
    chain += here.numbers;
  } else if (here.element && !here.array) {
    chain += std::to_string(here.position) + ';';
  }
  return chain;
}

void Event::Unescape(std::string_view data, const Field& field, std::string& text) {
  const std::string_view raw = data.substr(field.begin, field.end - field.begin);
  field.escaped ? surface::Unescape(raw, text) : void(text = raw);
}

std::string Event::Write(std::string_view data, const std::vector<Change>& changes) {
  std::string out;
  size_t at = 0;
  for (const Change& change : changes) {
    out.append(data.substr(at, change.begin - at));
    out.append(change.text);
    at = change.end;
  }
  out.append(data.substr(at));
  return out;
}

}  // namespace hpol::answer
