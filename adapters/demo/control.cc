// Commands of the machine mode; see control.h.
#include "adapters/demo/control.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace hpol::demo {
namespace {

using Json = nlohmann::ordered_json;

std::optional<Fault> FaultNamed(const std::string& name) {
  static const std::map<std::string, Fault> faults = {
      {"none", Fault::kNone},           {"error500", Fault::kError500}, {"hang", Fault::kHang},
      {"cut", Fault::kCutStream},       {"garbage", Fault::kGarbage},   {"redirect", Fault::kRedirect},
      {"ratelimit", Fault::kRateLimit}, {"badjson", Fault::kBadJson},
  };
  const auto found = faults.find(name);
  return found == faults.end() ? std::nullopt : std::optional(found->second);
}

Json Fail(const std::string& message) { return {{"ok", false}, {"error", message}}; }

Json SetFault(ModelServer& server, const std::string& kind) {
  if (kind == "kill") {
    server.Stop();
    return {{"ok", true}};
  }
  const std::optional<Fault> fault = FaultNamed(kind);
  if (!fault) return Fail("no fault `" + kind + "`");
  server.SetFault(*fault);
  const Result<uint16_t> revived = server.Restart();
  return revived ? Json{{"ok", true}} : Fail(revived.error().message);
}

Json Stats(const Stage& stage) {
  Json servers = Json::object();
  for (const auto& [name, server] : stage.servers())
    servers[name] = {{"requests", server->request_count()},
                     {"aborted", server->aborted_count()},
                     {"bytes", server->received().size()},
                     {"running", server->running()}};
  return {{"ok", true}, {"servers", servers}};
}

Json Obey(Stage& stage, const Json& command) {
  if (!command.is_object() || command.size() != 1) return Fail("a command is an object with one member");
  const std::string verb = command.begin().key();
  const Json& with = command.begin().value();
  if (verb == "stats") return Stats(stage);
  ModelServer* const server = with.is_object() ? stage.server(with.value("server", "")) : nullptr;
  if (server == nullptr) return Fail("no such server");
  if (verb == "fault") return SetFault(*server, with.value("kind", ""));
  if (verb == "received")
    return {{"ok", true}, {"received", server->received().find(with.value("text", "")) != std::string::npos}};
  if (verb != "delay") return Fail("no command `" + verb + "`");
  server->SetDelay(with.value("ms", 0));
  return {{"ok", true}};
}

Json Greeting(const Stage& stage) {
  Json keys = Json::object();
  for (const Person& person : People()) keys[person.name] = person.key;
  Json ports = Json::object();
  for (const auto& [name, server] : stage.servers()) ports[name] = server->port();
  return {{"base_url", stage.base_url()}, {"keys", keys}, {"servers", ports}};
}

}  // namespace

void ServeJson(Stage& stage, std::istream& in, std::ostream& out) {
  out << Greeting(stage).dump() << std::endl;
  for (std::string line; std::getline(in, line);) {
    Json answer;
    // A member of the wrong type makes nlohmann throw; a machine gets an answer all the same.
    try {
      answer = Obey(stage, Json::parse(line, nullptr, /*allow_exceptions=*/false));
    } catch (const nlohmann::json::exception&) {
      answer = Fail("a member has the wrong type");
    }
    out << answer.dump() << std::endl;
  }
}

}  // namespace hpol::demo
