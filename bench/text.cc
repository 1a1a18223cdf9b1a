#include "bench/text.h"

#include <array>
#include <string_view>

namespace hpol::bench {
namespace {

constexpr std::array<std::string_view, 16> kSentences = {
    "Please shorten this paragraph so that it fits on one slide and keep the friendly tone. ",
    "The second quarter was better than we had planned, mostly because two renewals came in early. ",
    "I would like three ideas for a headline; the audience already knows what the product does. ",
    "Could you explain the difference between a lease and a licence as if I had never signed either? ",
    "We moved the meeting from 14:30 to 16:00 because the room on floor 3 was taken. ",
    "Here is the outline so far: problem, proposal, cost, risks, and one page about the alternatives. ",
    "The build takes about 9 minutes on the old machines and less than 4 on the new ones. ",
    "If the customer asks for a refund within 30 days, say yes and thank them for the feedback. ",
    "Translate the last two answers into German, but leave the names of the buttons as they are. ",
    "Nobody noticed that the chart had its axis upside down until somebody read it aloud. ",
    "Our travel policy changed in 2023: trains are preferred below 600 km, and no receipts under 10 EUR. ",
    "Write a short poem about rain on a tin roof, without rhymes and without the word silver. ",
    "The function returns early when the list is empty, which hides the bug in the second branch. ",
    "Compare the three offers in a table with price, delivery time, warranty and your own opinion. ",
    "He asked whether the old archive could be thrown away, and whether anyone still has the key. ",
    "Summarise the minutes: who promised what, until when, and what was left open. ",
};

constexpr std::array<std::string_view, 4> kIdentifiers = {
    "Reply to jane.roe@example.net before Friday. ",
    "The machine at 192.168.17.4 needs a new disk. ",
    "She paid with 4539 5780 4917 3468 and wants the invoice. ",
    "Ticket 6f1c2b1e-8f43-4a55-9d0e-2f6f0c1b7a90 is still open. ",
};

constexpr size_t kSentencesPerIdentifier = 12;  // about one in a kilobyte

}  // namespace

std::string NaturalText(size_t bytes) {
  std::string text;
  for (size_t i = 0; text.size() < bytes; ++i) {
    text += kSentences[i * 7 % kSentences.size()];
    if (i % kSentencesPerIdentifier == 5) {
      text += kIdentifiers[i / kSentencesPerIdentifier % kIdentifiers.size()];
    }
  }
  text.resize(bytes);
  return text;
}

}  // namespace hpol::bench
