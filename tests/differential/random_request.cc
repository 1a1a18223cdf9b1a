#include "tests/differential/random_request.h"

#include <cstdio>
#include <utility>

namespace hpol::differential {
namespace {

// ---- inputs ----

std::string RandomLabelText(const hir::Policy& policy, Random& random) {
  std::string label = random.Pick(policy.levels);
  for (const std::string& category : policy.categories)
    if (random.Chance(30)) label += "+" + category;
  return label;
}

std::vector<std::string> RightValues(const hir::Policy& policy, const hir::Attribute& attribute,
                                     Random& random) {
  static const std::vector<std::string> kNumbers = {"0",
                                                    "1",
                                                    "2",
                                                    "3",
                                                    "99",
                                                    "100",
                                                    "-1",
                                                    "9223372036854775807",
                                                    "9223372036854775806",
                                                    "-9223372036854775808"};
  static const std::vector<std::string> kTexts = {"p", "q", "long text", "", "other"};
  const auto one = [&](const std::vector<std::string>& from) { return std::vector{random.Pick(from)}; };
  const auto some = [&](const std::vector<std::string>& from) {
    std::vector<std::string> values;
    for (const std::string& value : from)
      if (random.Chance(40)) values.push_back(value);
    return values;
  };
  switch (attribute.type) {
    case AttributeType::kBool:
      return one({"true", "false"});
    case AttributeType::kInt:
      return one(kNumbers);
    case AttributeType::kString:
      return one(kTexts);
    case AttributeType::kEnum:
      return one(attribute.members);
    case AttributeType::kLabel:
      return {RandomLabelText(policy, random)};
    case AttributeType::kStringSet:
      return some(kTexts);
    case AttributeType::kEnumSet:
      return some(attribute.members);
  }
  return {};
}

std::vector<std::string> WrongValues(Random& random) {
  static const std::vector<std::vector<std::string>> kWrong = {
      {},         {"True"},    {"1.5"}, {" 1"}, {"9223372036854775808"},
      {"x", "y"}, {"public+"}, {"pii"}, {""},   {"x", "nobody"}};
  return random.Pick(kWrong);
}

void AddAttribute(const hir::Policy& policy, const hir::Attribute& attribute, Random& random,
                  RequestSource& request) {
  // A required input that is wrong ends every decision, so it is mostly right.
  const uint32_t wrong = attribute.optional ? 12 : 1;
  GivenAttribute given{attribute.name, attribute.source, RightValues(policy, attribute, random)};
  if (random.Chance(wrong)) return;
  if (random.Chance(wrong)) given.source = static_cast<Source>(random.Below(4));
  if (random.Chance(wrong)) given.values = WrongValues(random);
  request.attributes.push_back(given);
  if (random.Chance(attribute.optional ? 4 : 1)) request.attributes.push_back(given);
  if (random.Chance(5)) {  // somebody else says something else: not heard
    given.source = attribute.source == Source::kCaller ? Source::kIdentity : Source::kCaller;
    given.values = RightValues(policy, attribute, random);
    request.attributes.push_back(given);
  }
}

// ---- texts ----

std::string FullWidth(const std::string& text) {
  std::string wide;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      wide += "\xef\xbc";
      wide += static_cast<char>(0x90 + (c - '0'));
    } else {
      wide += c;
    }
  }
  return wide;
}

// A context word of some detector as a person may write it; nothing when there is none.
std::string ContextWord(const std::vector<DetectorSource>& detectors, Random& random) {
  const DetectorSource& detector = random.Pick(detectors);
  if (detector.context.empty()) return "";
  std::string word;
  for (const char c : random.Pick(detector.context)) {
    static const std::vector<std::string> kBlanks = {" ", "_", "-", "  ", "\n", "", " - "};
    const bool blank = c == ' ' || c == '-' || c == '_';
    if (blank) {
      word += random.Chance(60) ? " " : random.Pick(kBlanks);
    } else {
      word += c >= 'a' && c <= 'z' && random.Chance(15) ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  if (random.Chance(6)) word += random.Chance(50) ? "s" : "1";
  return word;
}

std::string Fragment(const std::vector<DetectorSource>& detectors, Random& random) {
  if (random.Chance(35)) {
    const std::string word = ContextWord(detectors, random);
    if (!word.empty()) return word;
  }
  static const std::vector<std::string> kNoise = {"hello", "write a slogan", "工作", "a",
                                                  "1",     "\xe2\x80\x8b",   "<tag>"};
  const DetectorSource& detector = random.Pick(detectors);
  std::string text;
  switch (random.Below(10)) {
    case 0:
    case 1:
      text = random.Pick(detector.misses);
      break;
    case 2:
      text = random.Pick(kNoise);
      break;
    case 3:
      text = random.Text(kNoiseAlphabet, 16);
      break;
    default:
      text = random.Pick(detector.hits);
  }
  if (random.Chance(5)) text = FullWidth(text);
  if (random.Chance(4) && text.size() > 2) text.insert(text.size() / 2, "\xe2\x80\x8b");
  return text;
}

std::string RandomText(const std::vector<DetectorSource>& detectors, Random& random) {
  static const std::vector<std::string> kBetween = {" ",  " ", " ",        "",    "\n",
                                                    ", ", "-", "        ", "工 ", " 工号吗 "};
  std::string text;
  const uint32_t fragments = random.Chance(20) ? 0 : random.Between(1, 4);
  for (uint32_t i = 0; i < fragments; ++i) {
    if (i > 0) text += random.Pick(kBetween);
    text += Fragment(detectors, random);
  }
  return text;
}

// ---- bodies ----

// As a JSON string; now and then with an escape that need not be one.
std::string Json(const std::string& text, Random& random) {
  std::string json = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      json += "\\n";
    } else if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (byte < 0x20 || (byte < 0x7f && random.Chance(3))) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      json += escape;
    } else {
      json += c;
    }
  }
  return json + '"';
}

// Where a code point begins, so that a cut leaves UTF-8 on both sides.
size_t CutPoint(const std::string& text, Random& random) {
  size_t cut = text.empty() ? 0 : random.Below(static_cast<uint32_t>(text.size()));
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
  return cut;
}

class ChatWriter {
 public:
  ChatWriter(const std::vector<DetectorSource>& detectors, Random& random)
      : detectors_(detectors), r_(random) {}

  std::string Run() {
    std::string body = R"({"model":"gpt","messages":[)";
    const std::string split = RandomText(detectors_, r_);
    const size_t cut = CutPoint(split, r_);
    const bool over_messages = r_.Chance(25);  // one text over two messages
    if (over_messages) body += Message(split.substr(0, cut)) + "," + Message(split.substr(cut)) + ",";
    for (uint32_t i = r_.Below(2); i > 0; --i) body += Message(RandomText(detectors_, r_)) + ",";
    body += Message(RandomText(detectors_, r_)) + "]";
    if (r_.Chance(10)) body += R"(,"tools":[)" + Tool() + "]";
    if (r_.Chance(5)) body += R"(,"seed":)" + std::to_string(r_.Next() % 10000000000000000u);
    if (r_.Chance(4)) body += R"(,"zz_unheard_of":)" + Json(RandomText(detectors_, r_), r_);
    if (r_.Chance(1)) body += R"(,"model":"again")";
    body += "}";
    if (r_.Chance(1)) body.pop_back();
    return body;
  }

 private:
  std::string Message(const std::string& text) {
    const bool user = r_.Chance(80);
    std::string message = std::string(R"({"role":")") + (user ? "user" : "assistant") + R"(","content":)";
    message += r_.Chance(70) ? Json(text, r_) : Parts(text);
    if (!user && r_.Chance(30)) message += R"(,"parsed":)" + Free();
    return message + "}";
  }

  // The text in two parts, sometimes beside something that nobody can scan.
  std::string Parts(const std::string& text) {
    const auto part = [&](const std::string& one) {
      return R"({"type":"text","text":)" + Json(one, r_) + "}";
    };
    const size_t cut = CutPoint(text, r_);
    std::string parts = "[" + part(text.substr(0, cut)) + "," + part(text.substr(cut));
    if (r_.Chance(15))
      parts += R"(,{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}})";
    return parts + "]";
  }

  // Free JSON: keys and long numbers are content too, and cannot be written over.
  std::string Free() {
    return "{" + Json(Fragment(detectors_, r_), r_) + ":" + Json(RandomText(detectors_, r_), r_) + "," +
           Key(1) + ":" + (r_.Chance(50) ? "4111111111111111" : "20240101") + "," + Key(2) + ":[" +
           Json(Fragment(detectors_, r_), r_) + ",{\"in\":" + Json(Fragment(detectors_, r_), r_) + "}," +
           Json(Fragment(detectors_, r_), r_) + "]}";
  }

  // Two equal keys in one object are refused, so each ends in its own number.
  std::string Key(uint32_t number) {
    return Json(ContextWord(detectors_, r_) + " n" + std::to_string(number), r_);
  }

  std::string Tool() {
    if (r_.Chance(5)) return R"({"type":"web_search"})";
    return R"({"type":"function","function":{"name":"look_up","description":)" +
           Json(RandomText(detectors_, r_), r_) + R"(,"parameters":{"type":"object","properties":{)" +
           Json(Fragment(detectors_, r_), r_) + R"(:{"type":"string"}}}}})";
  }

  const std::vector<DetectorSource>& detectors_;
  Random& r_;
};

}  // namespace

std::string RequestSource::Describe() const {
  std::string text = surface == Surface::kText ? "text" : "chat";
  text += unscanned ? ", unscanned\n" : "\n";
  for (const GivenAttribute& attribute : attributes) {
    text +=
        "  " + attribute.name + " from source " + std::to_string(static_cast<int>(attribute.source)) + ":";
    for (const std::string& value : attribute.values) text += " `" + value + "`";
    text += '\n';
  }
  return text + body + '\n';
}

RequestView::RequestView(const RequestSource& source) {
  for (const GivenAttribute& attribute : source.attributes)
    values_.emplace_back(attribute.values.begin(), attribute.values.end());
  for (size_t i = 0; i < source.attributes.size(); ++i)
    attributes_.push_back({source.attributes[i].name, source.attributes[i].source, values_[i]});
  request_ = {source.surface, source.body, attributes_, source.unscanned};
}

RequestSource RandomRequest(const hir::Policy& policy, const std::vector<DetectorSource>& detectors,
                            Random& random) {
  RequestSource request;
  for (const hir::Attribute& attribute : policy.attributes) AddAttribute(policy, attribute, random, request);
  request.unscanned = random.Chance(6);
  if (random.Chance(60)) {
    request.body = RandomText(detectors, random);
    if (random.Chance(3)) request.body += "\xff\xc3(";
  } else {
    request.surface = Surface::kOpenAiChat;
    request.body = ChatWriter(detectors, random).Run();
  }
  return request;
}

}  // namespace hpol::differential
