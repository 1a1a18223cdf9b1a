// From one dialect to another and back; the door is translate.h.
#include "adapters/dialect/translate.h"

#include "adapters/dialect/answer.h"
#include "adapters/dialect/prompt.h"

namespace hpol::dialect {

Result<TranslatedRequest> TranslateRequest(Surface from, std::string_view body, Surface to,
                                           std::string_view model) {
  const Result<Prompt> prompt = ReadPrompt(from, body);
  if (!prompt) return prompt.error();
  Result<std::string> written = WritePrompt(to, *prompt, model);
  if (!written) return written.error();
  return TranslatedRequest{*std::move(written), {prompt->stream, prompt->usage_wanted}};
}

bool CanTranslate(Surface from, Surface to) {
  switch (from) {
    case Surface::kOpenAiChat:
    case Surface::kOpenAiResponses:
    case Surface::kAnthropicMessages:
    case Surface::kOllamaChat:
    case Surface::kOllamaGenerate:
      return MakeReader(to) != nullptr;
    default:
      return false;
  }
}

struct Translation::State {
  std::unique_ptr<AnswerReader> reader;
  AnswerName name;
  Surface client = Surface::kText;
  std::unique_ptr<AnswerWriter> writer;  // made when the target has said how its model is called
  std::vector<Piece> pieces;
  bool stopped = false;

  bool MakeWriterNow() {
    if (!reader->model().empty()) name.model = reader->model();
    writer = MakeWriter(client, name);
    return writer != nullptr;
  }
  void Pass(std::vector<http::Event>& out) {
    for (const Piece& piece : pieces) {
      stopped |= piece.kind == Piece::Kind::kStop;
      writer->Add(piece, out);
    }
    pieces.clear();
  }
};

Translation::Translation(Surface target, Surface client, const Asked& asked, std::string_view id,
                         std::string_view model, int64_t now)
    : state_(std::make_unique<State>()) {
  state_->reader = MakeReader(target);
  state_->client = client;
  state_->name = {std::string(id), std::string(model), now, asked.usage_wanted};
}
Translation::~Translation() = default;

bool Translation::Whole(std::string_view body, std::string& out) {
  if (state_->reader == nullptr) return false;
  try {
    state_->reader->Whole(ParseShallow(body), state_->pieces);
    if (state_->reader->failed() || !state_->MakeWriterNow()) return false;
    out = state_->writer->Whole(state_->pieces, state_->reader->usage());
    return true;
  } catch (const Unsupported&) {
    return false;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

bool Translation::Event(const http::Event& event, std::vector<http::Event>& out) {
  if (state_->reader == nullptr) return false;
  try {
    state_->reader->Event(event, state_->pieces);
    if (state_->reader->failed()) return false;
    if (state_->writer == nullptr) {
      if (!state_->MakeWriterNow()) return false;
      state_->writer->Begin(out);
    }
    state_->Pass(out);
    return true;
  } catch (const Unsupported&) {
    return false;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

void Translation::End(std::vector<http::Event>& out) {
  if (state_->writer == nullptr) return;
  // Some servers end without a reason; clients wait for one.
  if (!state_->stopped) {
    state_->pieces.push_back({.kind = Piece::Kind::kStop});
    state_->Pass(out);
  }
  state_->writer->End(state_->reader->usage(), out);
}

bool Translation::ended() const { return state_->reader != nullptr && state_->reader->ended(); }

const Usage& Translation::usage() const { return state_->reader->usage(); }

}  // namespace hpol::dialect
