// Bodies by Beast's parsers; the door is message.h.
#include "adapters/http/message.h"

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

#include "adapters/http/head.h"

namespace hpol::http {
namespace {

namespace beast = boost::beast;
using boost::system::error_code;

// Like string_body, but never reserves what a length field merely claims.
struct AppendedBody {
  using value_type = std::string;
  class reader {
   public:
    template <bool kIsRequest, class Fields>
    reader(beast::http::header<kIsRequest, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<uint64_t>&, error_code& error) { error = {}; }
    template <class Buffers>
    size_t put(const Buffers& buffers, error_code& error) {
      size_t size = 0;
      for (const boost::asio::const_buffer buffer : beast::buffers_range_ref(buffers)) {
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
        size += buffer.size();
      }
      error = {};
      return size;
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

Progress FromError(error_code error, bool done) {
  if (error == beast::http::error::need_more) return Progress::kMore;
  if (error == beast::http::error::body_limit) return Progress::kTooLarge;
  if (error) return Progress::kBad;
  return done ? Progress::kDone : Progress::kMore;
}

template <class Parser>
Progress PutInto(Parser& parser, std::string_view bytes, size_t& taken) {
  taken = 0;
  while (taken < bytes.size() && !parser.is_done()) {
    error_code error;
    const size_t used =
        parser.put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), error);
    taken += used;
    if (error) return FromError(error, false);
    if (used == 0) break;
  }
  return FromError({}, parser.is_done());
}

constexpr uint32_t kHeadLimit = 64 * 1024;

}  // namespace

struct RequestBody::State {
  beast::http::request_parser<AppendedBody> parser;
  Progress progress = Progress::kMore;
};

RequestBody::RequestBody(std::string_view head, uint64_t limit) : state_(std::make_unique<State>()) {
  state_->parser.eager(true);
  state_->parser.header_limit(static_cast<uint32_t>(head.size()) + kHeadLimit);
  state_->parser.body_limit(limit);
  size_t taken = 0;
  state_->progress = PutInto(state_->parser, head, taken);
  // Both readings of the head must end at the same byte.
  const bool agreed = taken == head.size() && state_->parser.is_header_done();
  if (!agreed && state_->progress != Progress::kTooLarge) state_->progress = Progress::kBad;
}

RequestBody::~RequestBody() = default;

Progress RequestBody::Put(std::string_view bytes, size_t& taken) {
  taken = 0;
  if (state_->progress == Progress::kMore) state_->progress = PutInto(state_->parser, bytes, taken);
  return state_->progress;
}

std::string& RequestBody::body() { return state_->parser.get().body(); }

struct ResponseReader::State {
  beast::http::response_parser<AppendedBody> parser;
  int informational = 0;
  bool started = false;  // past the first line's first bytes
};

namespace {

// Beast waits for a whole first line; what does not begin as one is garbage at once.
bool MayBeResponse(std::string_view bytes) {
  constexpr std::string_view kStart = "HTTP/1.";
  return kStart.starts_with(bytes.substr(0, kStart.size()));
}

}  // namespace

ResponseReader::ResponseReader(std::optional<uint64_t> limit) : limit_(limit) { Reset(); }
ResponseReader::~ResponseReader() = default;

void ResponseReader::Reset() {
  const int informational = state_ ? state_->informational : 0;
  state_ = std::make_unique<State>();
  state_->informational = informational;
  state_->parser.eager(true);
  state_->parser.header_limit(kHeadLimit);
  if (limit_) {
    state_->parser.body_limit(*limit_);
  } else {
    state_->parser.body_limit(boost::none);
  }
}

Progress ResponseReader::Put(std::string_view bytes, size_t& taken) {
  taken = 0;
  for (;;) {
    size_t used = 0;
    if (!state_->started && !MayBeResponse(bytes.substr(taken))) return Progress::kBad;
    const Progress progress = PutInto(state_->parser, bytes.substr(taken), used);
    state_->started |= used > 0;
    taken += used;
    if (progress != Progress::kDone || status() / 100 != 1) return progress;
    // Switching protocols was not asked for, and nobody sends many 1xx in good faith.
    if (status() == 101 || ++state_->informational > 8) return Progress::kBad;
    Reset();
  }
}

Progress ResponseReader::PutEnd() {
  if (!state_->parser.got_some()) return Progress::kBad;
  error_code error;
  state_->parser.put_eof(error);
  return error ? Progress::kBad : FromError({}, state_->parser.is_done());
}

bool ResponseReader::has_head() const { return state_->parser.is_header_done(); }

std::string_view ResponseReader::field(std::string_view name) const {
  const auto value = state_->parser.get()[boost::beast::string_view(name.data(), name.size())];
  return {value.data(), value.size()};
}

void ResponseReader::ForEachField(const std::function<void(std::string_view, std::string_view)>& use) const {
  for (const auto& entry : state_->parser.get()) {
    const auto name = entry.name_string();
    const auto value = entry.value();
    use({name.data(), name.size()}, {value.data(), value.size()});
  }
}

int ResponseReader::status() const {
  return has_head() ? static_cast<int>(state_->parser.get().result_int()) : 0;
}

std::string_view ResponseReader::content_type() const {
  const auto value = state_->parser.get()[beast::http::field::content_type];
  return {value.data(), value.size()};
}

bool ResponseReader::is_encoded() const {
  const auto& fields = state_->parser.get();
  const auto content = fields[beast::http::field::content_encoding];
  if (!content.empty() && !EqualsIgnoringCase({content.data(), content.size()}, "identity")) return true;
  if (fields.count(beast::http::field::transfer_encoding) > 1) return true;
  const auto transfer = fields[beast::http::field::transfer_encoding];
  return !transfer.empty() && !EqualsIgnoringCase({transfer.data(), transfer.size()}, "chunked");
}

bool ResponseReader::reusable() const {
  return state_->parser.is_done() && framed() && state_->parser.keep_alive() && !is_encoded();
}

bool ResponseReader::framed() const { return !state_->parser.need_eof(); }

std::string& ResponseReader::body() { return state_->parser.get().body(); }

}  // namespace hpol::http
