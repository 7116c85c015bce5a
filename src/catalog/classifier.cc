// SPDX-License-Identifier: Apache-2.0
#include "catalog/classifier.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

#include "base/text.h"
#include "catalog/executable.h"
#include "catalog/pattern.h"
#include "lib/literals.h"
#include "lib/regex.h"

namespace peekr {
namespace {

// A text of the list, also one with NUL bytes in it.
template <std::size_t N>
constexpr std::string_view text(const char (&literal)[N]) {
  return {literal, N - 1};
}

constexpr Classifier kRows[] = {
#define CLASSIFIER(family, package, cpes, file, landmark, also, reach, version) \
  {family, package, cpes, file, text(landmark), text(also), reach, version},
#include "catalog/classifiers.def"
#undef CLASSIFIER
};

constexpr std::size_t kMostHits = 1024;  // of one row in one file: a text that is everywhere is no landmark

struct Seen {
  std::vector<std::size_t> at;  // of the landmark
  bool also = false;
  bool excluded = false;  // by what must not stand there
};

// What a literal is for.
struct Use {
  enum class Part { landmark, also, excluded };
  std::size_t row;
  Part part;

  void note(std::size_t at, std::vector<Seen>& seen) const {
    Seen& one = seen[row];
    if (part == Part::also) {
      one.also = true;
    } else if (part == Part::excluded) {
      one.excluded = true;
    } else if (one.at.size() < kMostHits) {
      one.at.push_back(at);
    }
  }
};

// Of the rows that ask no name; few files have the names that others ask for.
struct Automaton {
  std::vector<std::vector<Use>> uses;  // by literal
  Result<Literals> literals = fail(Errc::internal, "not made");
};

template <class F>
void for_each_text(std::size_t row, const F& f) {
  const Classifier& of = kRows[row];
  for (const auto& [texts, part] :
       {std::pair(of.landmark, Use::Part::landmark), std::pair(of.also, Use::Part::also)}) {
    if (texts.empty()) continue;
    for (const std::string_view one : split(texts, '|')) {
      const bool is_excluded = part == Use::Part::also && one.starts_with('!');
      f(one.substr(is_excluded ? 1 : 0), Use{row, is_excluded ? Use::Part::excluded : part});
    }
  }
}

// Made when the first executable is looked at: a program that scans nothing does not pay for it.
const Automaton& automaton() {
  static const Automaton kAutomaton = [] {
    std::map<std::string_view, std::vector<Use>> by_text;
    for (std::size_t i = 0; i < std::size(kRows); ++i) {
      if (!kRows[i].file.empty()) continue;
      for_each_text(i, [&](std::string_view one, const Use& use) { by_text[one].push_back(use); });
    }
    Automaton made;
    std::vector<std::string_view> texts;
    for (auto& [one, uses] : by_text) {
      texts.push_back(one);
      made.uses.push_back(std::move(uses));
    }
    made.literals = Literals::make(texts);
    return made;
  }();
  return kAutomaton;
}

// Whether it has what must not be there, or could have it where nobody looks.
bool is_ruled_out(std::size_t row, const Seen& seen, const File& file) {
  const bool is_whole = file.offset == 0 && file.is_last();
  const std::string_view also = kRows[row].also;
  return seen.excluded || (!is_whole && (also.starts_with('!') || also.find("|!") != std::string_view::npos));
}

// Compiled when first needed: most rows never are.
const Regex& expression(std::size_t row) {
  struct Slot {
    std::once_flag once;
    std::unique_ptr<Regex> regex;
  };
  static std::vector<Slot> slots(std::size(kRows));
  Slot& slot = slots[row];
  std::call_once(slot.once, [&] { slot.regex = std::make_unique<Regex>(kRows[row].version); });
  return *slot.regex;
}

void look_for(std::string_view text, const Use& use, std::string_view bytes, std::vector<Seen>& seen) {
  std::size_t hits = 0;
  for (std::size_t at = bytes.find(text); at != std::string_view::npos && hits < kMostHits;
       at = bytes.find(text, at + 1), ++hits) {
    use.note(at, seen);
  }
}

std::optional<std::string> version(std::size_t row, const Seen& seen, std::string_view bytes) {
  const Classifier& one = kRows[row];
  if (!one.also.empty() && !seen.also) return std::nullopt;
  if (!one.landmark.empty() && seen.at.empty()) return std::nullopt;
  if (one.version.starts_with('=')) return std::string(one.version.substr(1));
  std::vector<std::string> found;
  if (one.reach == 0) {
    found = expression(row).find(bytes);
  } else {
    for (const std::size_t at : seen.at) {
      const std::size_t from = at - std::min<std::size_t>(at, one.reach);
      found = expression(row).find(bytes.substr(from, at - from + one.reach));
      if (!found.empty()) break;
    }
  }
  if (found.empty()) return std::nullopt;
  return join(found, ".");
}

}  // namespace

std::span<const Classifier> all_classifiers() { return kRows; }

Result<std::vector<Classified>> classify(const File& file) {
  const std::string_view path = file.path.str(), bytes = file.bytes;
  const Automaton& all = automaton();
  if (!all.literals) return fail(all.literals.error());
  std::vector<Seen> seen(std::size(kRows));
  for (const Stretch& part : beside_code(file)) {
    all.literals->find_all(part.bytes, [&](std::size_t literal, std::size_t at) {
      for (const Use& use : all.uses[literal]) use.note(part.at + at, seen);
    });
  }
  std::vector<bool> wanted(std::size(kRows));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i] = kRows[i].file.empty() || matches(kRows[i].file, path);
    if (!wanted[i] || kRows[i].file.empty()) continue;
    for_each_text(i, [&](std::string_view one, const Use& use) { look_for(one, use, bytes, seen); });
  }
  std::vector<Classified> found;
  std::set<std::string_view> families;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i] || families.contains(kRows[i].family)) continue;
    if (is_ruled_out(i, seen[i], file)) continue;
    std::optional<std::string> one = version(i, seen[i], bytes);
    if (!one) continue;
    families.insert(kRows[i].family);
    found.push_back({&kRows[i], *std::move(one)});
  }
  return found;
}

}  // namespace peekr
