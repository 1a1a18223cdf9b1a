// Engine: making one, and the plain scan.
#include "hpol/engine.h"

#include <openssl/rand.h>

#include <array>
#include <new>

#include "runtime/decide/index.h"
#include "runtime/decide/scratch.h"
#include "runtime/detect/validators.h"

namespace hpol {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kMaxTextBytes = size_t{1} << 30;  // offsets are 32 bits, joined views twice as long

// What makes running the program unsafe, or nothing. Tables are trusted otherwise: ir::Verify has seen them.
const char* Reject(const Program& program) {
  if (program.tables == nullptr || program.artifact == nullptr) return "the program has no tables or no code";
  const hpol_artifact& artifact = *program.artifact;
  if (artifact.abi_version != HPOL_ABI_VERSION) return "the program was compiled for another ABI version";
  if (artifact.struct_size < sizeof(hpol_artifact)) return "the program's code table is too short";
  if (artifact.detector_count != program.tables->detectors.size()) {
    return "the program's code and tables have different numbers of detectors";
  }
  if (artifact.detector_count != 0 && artifact.detectors == nullptr)
    return "the program has no detector code";
  for (uint32_t i = 0; i < artifact.detector_count; ++i) {
    if (artifact.detectors[i].match == nullptr) return "a detector has no code";
    if (program.tables->detectors[i].validator >= detect::Validators().size()) {
      return "a detector needs a validator that this runtime does not have";
    }
  }
  return nullptr;
}

bool RandomKey(std::string& key) {
  std::array<uint8_t, kKeyBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return false;
  key.assign(bytes.begin(), bytes.end());
  return true;
}

}  // namespace

Engine::Engine(Program program, std::string pseudonym_key, std::shared_ptr<const decide::Index> index)
    : program_(std::move(program)), pseudonym_key_(std::move(pseudonym_key)), index_(std::move(index)) {}

Result<std::shared_ptr<const Engine>> Engine::Make(Program program, std::string pseudonym_key) {
  if (const char* reason = Reject(program)) return Error{reason};
  if (pseudonym_key.empty() && !RandomKey(pseudonym_key)) return Error{"no randomness for the pseudonym key"};
  try {
    auto index = std::make_shared<const decide::Index>(decide::Index::Make(*program.tables));
    return std::shared_ptr<const Engine>(
        new Engine(std::move(program), std::move(pseudonym_key), std::move(index)));
  } catch (const std::bad_alloc&) {
    return Error{"the policy's rules do not fit into memory"};
  }
}

std::optional<AttributeId> Engine::FindAttribute(std::string_view name) const noexcept {
  const uint32_t attribute = index_->domains.Find(name);
  if (attribute == decide::Interner::kNone) return std::nullopt;
  return AttributeId{attribute};
}

bool Engine::Scan(std::string_view text, Scratch& scratch, std::vector<Finding>& findings) const noexcept {
  findings.clear();
  Scratch::State& state = scratch.state();
  DecisionBuilder::Clear(state.decision);  // its buffers are about to be reused
  if (text.size() > kMaxTextBytes) return false;
  try {
    decide::Reading& reading = state.original;
    reading.content.Clear();
    reading.content.pieces.push_back({.end = static_cast<uint32_t>(text.size())});
    reading.views.Build(text, reading.content, text::Steps::AllBut(program_.tables->steps_off));
    if (!detect::Scan(*program_.tables, *program_.artifact, program_.filter.get(), reading.views,
                      reading.matches))
      return false;
    for (const detect::Match& match : reading.matches.all) findings.push_back(match.finding);
    return true;
  } catch (...) {
    findings.clear();
    return false;
  }
}

}  // namespace hpol
