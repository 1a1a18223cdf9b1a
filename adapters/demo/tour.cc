// Plays and prints the tour; see tour.h.
#include "adapters/demo/tour.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/demo/http_client.h"
#include "adapters/demo/table.h"
#include "adapters/demo/tour_steps.h"

namespace hpol::demo {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kPath[] = "/v1/chat/completions";

// Kills the servers that the step wants down and revives the others.
void SetServers(Stage& stage, const std::vector<std::string>& down, std::string& surprise) {
  for (const auto& [name, server] : stage.servers()) {
    const bool wanted_down = std::find(down.begin(), down.end(), name) != down.end();
    if (wanted_down) server->Stop();
    if (!wanted_down && !server->Restart()) surprise = name + " could not be started again";
  }
}

double Microseconds(std::chrono::nanoseconds time) { return static_cast<double>(time.count()) / 1000; }

// The text of the last request that a server received, as its body has it.
std::string LastPromptAt(const ModelServer& server) {
  const std::string bytes = server.received();
  const size_t head = bytes.rfind("\r\n\r\n");
  if (head == std::string::npos) return {};
  const Json body = Json::parse(bytes.substr(head + 4), nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !body.contains("messages") || body["messages"].empty()) return {};
  const Json& content = body["messages"].back()["content"];
  return content.is_string() ? content.get<std::string>() : std::string();
}

// Which redaction the receipt gives the candidate that answered.
std::string RedactionOf(const Json& receipt, const std::string& target) {
  for (const Json& candidate : receipt.value("candidates", Json::array()))
    if (candidate.value("target", "") == target &&
        receipt.value("sent_label", "") != receipt.value("label", ""))
      return candidate.value("redaction", "");
  return {};
}

void AddWhy(const Json& receipt, const HttpReply& reply, TourRow& row) {
  const Json findings = receipt.value("findings", Json::object());
  for (const auto& [detector, tiers] : findings.items()) row.why.push_back(detector);
  if (receipt.value("unscanned", false)) row.why.emplace_back("content that cannot be read");
  for (const Json& attempt : receipt.value("attempts", Json::array()))
    if (attempt.value("result", "") != "ok") row.why.push_back(attempt.value("target", "") + " failed");
  for (const Json& rule : receipt.value("rules", Json::array()))
    row.places.push_back(rule.get<std::string>());
  if (reply.status != 400 && reply.status != 403) return;
  const Json error = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  if (error.is_object()) row.why.push_back(error.value("error", Json::object()).value("code", ""));
}

// Everything of the receipt that the step says something about.
std::string Surprise(const TourStep& step, const TourRow& row) {
  const std::string wanted = step.target + (step.redaction.empty() ? "" : " by " + step.redaction);
  if (row.status != step.status)
    return "status " + std::to_string(row.status) + " instead of " + std::to_string(step.status);
  if (row.label != step.label) return "label `" + row.label + "` instead of `" + step.label + "`";
  if (row.went_to != wanted) return "went to `" + row.went_to + "` instead of `" + wanted + "`";
  return {};
}

class Tour {
 public:
  Tour(Stage& stage, int repeat) : stage_(stage), repeat_(repeat), client_(stage.port()) {}

  TourRow Play(const TourStep& step) {
    TourRow row{.title = step.title, .prompt = step.prompt, .person = step.person};
    SetServers(stage_, step.down, row.surprise);
    if (!row.surprise.empty()) return row;
    const std::string& key = PersonNamed(step.person).key;
    const HttpReply reply = client_.Post(kPath, key, step.body);
    row.status = reply.status;
    const std::string line = stage_.ReceiptOf(reply.request_id);
    const Json receipt = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!receipt.is_object()) {
      row.surprise = "no receipt was written";
      return row;
    }
    const std::string target = receipt.value("sent_to", "");
    // What is refused at the door is not classified, and its label says nothing.
    const std::string cause = receipt.value("cause", "");
    if (cause != "body" && cause != "input") row.label = receipt.value("label", "");
    const std::string redaction = RedactionOf(receipt, target);
    row.went_to = target + (redaction.empty() ? "" : " by " + redaction);
    AddWhy(receipt, reply, row);
    ModelServer* const server = stage_.server_of_target(target);
    if (server != nullptr && !redaction.empty()) row.sent = LastPromptAt(*server);
    row.added_us = MedianAdded(step, key, reply, server);
    row.surprise = Surprise(step, row);
    return row;
  }

 private:
  // The first answer pays for connections, so the median of the later ones is what counts.
  double MedianAdded(const TourStep& step, const std::string& key, HttpReply reply, ModelServer* server) {
    std::vector<double> times;
    for (int i = 0; i <= repeat_; ++i) {
      if (i > 0) reply = client_.Post(kPath, key, step.body);
      const double own = server == nullptr ? 0 : Microseconds(server->last_service_time());
      times.push_back(std::max(0.0, Microseconds(reply.time) - own));
    }
    std::nth_element(times.begin(), times.begin() + static_cast<ptrdiff_t>(times.size() / 2), times.end());
    return times[times.size() / 2];
  }

  Stage& stage_;
  int repeat_;
  HttpClient client_;
};

std::string Joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string Time(double microseconds) {
  char text[32];
  if (microseconds < 1000)
    std::snprintf(text, sizeof text, "%.0f µs", microseconds);
  else
    std::snprintf(text, sizeof text, "%.1f ms", microseconds / 1000);
  return text;
}

// `acme.hpol:40`, `acme.hpol:72` become `lines 40, 72`.
std::string Lines(const std::vector<std::string>& places) {
  std::vector<std::string> numbers;
  for (const std::string& place : places) numbers.push_back(place.substr(place.rfind(':') + 1));
  return numbers.empty() ? "" : (numbers.size() == 1 ? "line " : "lines ") + Joined(numbers, ", ");
}

Cell LabelCell(const TourRow& row) {
  if (row.label.empty()) return {"—", Color::kDim};
  if (row.label == kTopLabel) return {"confidential + all", Color::kRed};
  const bool top = row.label.starts_with("confidential");
  const bool lowest = row.label == "public";
  return {row.label, top ? Color::kRed : lowest ? Color::kGreen : Color::kYellow};
}

Cell PlaceCell(const TourRow& row) {
  if (row.went_to.empty()) return {"nowhere: " + std::to_string(row.status), Color::kRed};
  return {row.went_to, row.went_to.starts_with("gpt") ? Color::kYellow : Color::kGreen};
}

// The lines of a policy that the rows name, each with those that continue it.
void PrintRules(const TourResult& result, const std::string& policy, std::ostream& out) {
  std::set<size_t> numbers;
  for (const TourRow& row : result.rows)
    for (const std::string& place : row.places)
      numbers.insert(std::strtoul(place.c_str() + place.rfind(':') + 1, nullptr, 10));
  std::ifstream file(policy);
  size_t number = 0;
  bool shown = false;
  out << "\nThe rules named above, from " << policy << ":\n";
  for (std::string line; std::getline(file, line);) {
    const size_t begin = line.find_first_not_of(' ');
    const std::string text = begin == std::string::npos ? "" : line.substr(begin);
    const bool continues = text.starts_with("send") || text.starts_with("then") || text.starts_with("deny");
    shown = numbers.contains(++number) || (shown && continues);
    if (shown)
      out << "  " << number << (number < 100 ? "   " : "  ") << (continues ? "    " : "") << text << "\n";
  }
}

}  // namespace

bool TourResult::as_expected() const {
  return leaked.empty() &&
         std::all_of(rows.begin(), rows.end(), [](const TourRow& row) { return row.surprise.empty(); });
}

TourResult RunTour(Stage& stage, int repeat) {
  TourResult result;
  Tour tour(stage, repeat);
  const std::vector<TourStep> steps = TourSteps();
  for (const TourStep& step : steps) result.rows.push_back(tour.Play(step));
  std::string ignored;
  SetServers(stage, {}, ignored);
  const std::string cloud = stage.server("cloud")->received();
  result.cloud_bytes = cloud.size();
  for (const TourStep& step : steps) {
    if (step.keep.empty()) continue;
    ++result.kept_texts;
    if (cloud.find(step.keep) != std::string::npos) result.leaked.push_back(step.title);
  }
  return result;
}

void PrintTour(const TourResult& result, const std::string& policy, size_t width, bool color,
               std::ostream& out) {
  Table table;
  table.headings = {"prompt", "caller", "label", "why", "went to", "added"};
  for (const TourRow& row : result.rows) {
    const std::string why = Joined(row.why, ", ");
    const std::string lines = Lines(row.places);
    table.rows.push_back({{row.prompt},
                          {row.person, Color::kDim},
                          LabelCell(row),
                          {why + (why.empty() || lines.empty() ? "" : "; ") + lines},
                          PlaceCell(row),
                          {Time(row.added_us)}});
  }
  out << Render(table, width, color);
  PrintRules(result, policy, out);
  out << "\n";
  std::set<std::string> shown;
  for (const TourRow& row : result.rows)
    if (!row.sent.empty() && shown.insert(row.sent).second)
      out << "The cloud saw:  " << row.sent << "\n        not:     " << row.prompt << "\n";
  out << "The cloud received " << result.cloud_bytes << " bytes in all; of the " << result.kept_texts
      << " texts that had to stay, "
      << (result.leaked.empty() ? "none is" : Joined(result.leaked, ", ") + " IS") << " among them.\n";
  for (const TourRow& row : result.rows)
    if (!row.surprise.empty()) out << "NOT AS EXPECTED: " << row.title << ": " << row.surprise << "\n";
}

std::string TourJson(const TourResult& result, const std::string& base_url) {
  Json rows = Json::array();
  for (const TourRow& row : result.rows) {
    Json entry = {
        {"title", row.title}, {"prompt", row.prompt}, {"caller", row.person}, {"status", row.status}};
    entry["label"] = row.label.empty() ? Json(nullptr) : Json(row.label);
    entry["why"] = row.why;
    entry["rules"] = row.places;
    entry["went_to"] = row.went_to.empty() ? Json(nullptr) : Json(row.went_to);
    entry["added_us"] = row.added_us;
    entry["as_expected"] = row.surprise.empty();
    if (!row.surprise.empty()) entry["surprise"] = row.surprise;
    rows.push_back(std::move(entry));
  }
  return Json{{"base_url", base_url},
              {"rows", std::move(rows)},
              {"cloud_bytes", result.cloud_bytes},
              {"leaked", result.leaked},
              {"as_expected", result.as_expected()}}
      .dump(2);
}

}  // namespace hpol::demo
