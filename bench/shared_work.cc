#include "bench/shared_work.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <tuple>

namespace hpol::bench {

bool ReadWork(const std::string& folder, SharedWork* work) {
  std::ifstream patterns(folder + "/patterns.tsv");
  for (std::string line; std::getline(patterns, line);) {
    const size_t tab = line.find('\t');
    if (tab != std::string::npos) work->patterns.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  std::ifstream words(folder + "/words.txt");
  for (std::string line; std::getline(words, line);) {
    if (!line.empty()) work->words.push_back(line);
  }
  return !work->patterns.empty() && !work->words.empty();
}

void AddRandomWords(size_t count, SharedWork* work) {
  std::mt19937 random(20261120);
  for (size_t i = 0; i < count; ++i) {
    std::string word(6 + random() % 7, 'a');
    for (char& c : word) c = static_cast<char>('a' + random() % 26);
    work->words.push_back(std::move(word));
  }
}

std::vector<std::string> ReadPrompts(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  std::vector<std::string> prompts;
  for (size_t at = 0; at + 4 <= bytes.size();) {
    uint32_t size = 0;
    std::memcpy(&size, bytes.data() + at, 4);
    at += 4;
    prompts.push_back(bytes.substr(at, size));
    at += size;
  }
  return prompts;
}

void Normalize(std::vector<WorkSpan>* spans) {
  std::sort(spans->begin(), spans->end(), [](const WorkSpan& a, const WorkSpan& b) {
    return std::tuple(a.detector, a.begin, b.end) < std::tuple(b.detector, b.begin, a.end);
  });
  std::vector<WorkSpan> kept;
  for (const WorkSpan& span : *spans) {
    if (!kept.empty() && kept.back().detector == span.detector && span.begin < kept.back().end) continue;
    kept.push_back(span);
  }
  *spans = std::move(kept);
}

}  // namespace hpol::bench
