#include "compiler/tools/scan_inputs.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <string_view>
#include <system_error>

namespace hpol::tools {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLookedAt = 8192;  // bytes by which a file is taken for binary
constexpr std::string_view kMagic[] = {"\x1f\x8b",
                                       "PK\x03\x04",
                                       "%PDF-",
                                       "\x89PNG",
                                       "\xff\xd8\xff",
                                       "GIF8",
                                       "\x7f"
                                       "ELF",
                                       "7z\xbc\xaf",
                                       "\xfd"
                                       "7zXZ",
                                       "BZh9",
                                       "\x28\xb5\x2f\xfd"};

bool IsBinary(std::string_view text) {
  const std::string_view head = text.substr(0, kLookedAt);
  if (head.find('\0') != std::string_view::npos) return true;
  return std::any_of(std::begin(kMagic), std::end(kMagic),
                     [head](std::string_view magic) { return head.starts_with(magic); });
}

// The length of the UTF-8 character at `at`, 0 when there is none (RFC 3629).
size_t CharacterAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0u; };
  const uint32_t first = byte(at);
  if (first < 0x80) return 1;
  const size_t size = first >= 0xf0 ? 4 : (first >= 0xe0 ? 3 : 2);
  if (first < 0xc2 || first > 0xf4) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  const uint32_t second = byte(at + 1);
  const bool wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                     (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return wrong ? 0 : size;
}

size_t Repair(std::string& text) {
  size_t repaired = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t size = CharacterAt(text, at);
    if (size > 0) {
      at += size;
      continue;
    }
    text[at++] = '?';
    ++repaired;
  }
  return repaired;
}

ScanInput::Kind KindOf(const fs::directory_entry& entry) {
  std::error_code error;
  if (entry.is_symlink(error)) return ScanInput::Kind::kLink;
  if (entry.is_regular_file(error)) return ScanInput::Kind::kText;
  return ScanInput::Kind::kSpecial;
}

void AddFolder(const fs::path& folder, std::vector<ScanInput>& inputs) {
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    entries.push_back(*it);
  if (error) inputs.push_back({folder.string(), ScanInput::Kind::kUnreadable, 0});
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) {
    if (!entry.is_symlink(error) && entry.is_directory(error)) {
      if (entry.path().filename() != ".git") AddFolder(entry.path(), inputs);
      continue;
    }
    const ScanInput::Kind kind = KindOf(entry);
    const uint64_t size = kind == ScanInput::Kind::kText ? entry.file_size(error) : 0;
    inputs.push_back({entry.path().string(), kind, error ? 0 : size});
  }
}

}  // namespace

std::string_view WhySkipped(ScanInput::Kind kind) {
  switch (kind) {
    case ScanInput::Kind::kText:
      return "";
    case ScanInput::Kind::kBinary:
      return "is binary";
    case ScanInput::Kind::kLink:
      return "is a symbolic link";
    case ScanInput::Kind::kSpecial:
      return "is no regular file";
    case ScanInput::Kind::kUnreadable:
      return "cannot be read";
    case ScanInput::Kind::kTooLarge:
      return "is larger than --max-bytes";
  }
  return "";
}

bool IsFailure(ScanInput::Kind kind) {
  return kind == ScanInput::Kind::kUnreadable || kind == ScanInput::Kind::kTooLarge;
}

std::vector<ScanInput> FindInputs(const std::vector<std::string>& arguments) {
  std::vector<ScanInput> inputs;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (argument != "-" && fs::is_directory(argument, error)) {
      AddFolder(argument, inputs);
      continue;
    }
    const uint64_t size = argument == "-" ? 0 : fs::file_size(argument, error);
    inputs.push_back({argument, ScanInput::Kind::kText, error ? 0 : size});
  }
  return inputs;
}

std::string ReadInputText(ScanInput& input, uint64_t max_bytes, size_t* repaired) {
  *repaired = 0;
  if (input.kind != ScanInput::Kind::kText) return {};
  std::ifstream file;
  if (input.path != "-") file.open(input.path, std::ios::binary);
  std::istream& in = input.path == "-" ? std::cin : file;
  std::string text;
  char chunk[1 << 16];
  while (in && text.size() <= max_bytes) {
    in.read(chunk, sizeof chunk);
    const bool first = text.empty();
    text.append(chunk, static_cast<size_t>(in.gcount()));
    if (first && IsBinary(text)) input.kind = ScanInput::Kind::kBinary;
    if (input.kind != ScanInput::Kind::kText) return {};
  }
  if (!in.eof() && text.size() <= max_bytes) input.kind = ScanInput::Kind::kUnreadable;
  if (text.size() > max_bytes) input.kind = ScanInput::Kind::kTooLarge;
  if (input.kind != ScanInput::Kind::kText) return {};
  input.size = text.size();
  *repaired = Repair(text);
  return text;
}

}  // namespace hpol::tools
