// SPDX-License-Identifier: Apache-2.0
#include "report/story.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/columns.h"
#include "report/finding_groups.h"

namespace peekr {
namespace {

using Part = Story::Part;
using Verdict = Story::Verdict;
using Word = Account::Word;

bool is_about(const Finding& finding, const std::string& id) {
  return finding.id == id || std::ranges::find(finding.names, id) != finding.names.end();
}

std::string by(const Account& account) { return account.advisory + " of " + account.publisher; }

const Account* first(const Part& part, Word word) {
  const auto found = std::ranges::find(part.accounts, word, &Account::word);
  return found == part.accounts.end() ? nullptr : *found;
}

// Of a package in which it is not found: the first of these that somebody says.
void judge(const std::string& version, Part& part) {
  if (const Account* one = first(part, Word::undetermined)) {
    part.verdict = Verdict::undetermined;
    part.why = by(*one) + ": " + one->says;
  } else if (const Account* fix = first(part, Word::fixed)) {
    part.verdict = Verdict::fixed;
    part.why = version + " has the fix, which is in " + fix->fixed_in + " (" + by(*fix) + ")";
  } else if (const Account* no = first(part, Word::not_affected)) {
    part.verdict = Verdict::not_affected;
    part.why = no->publisher + " says so: " + no->says + " (" + no->advisory + ")";
  } else if (const Account* out = first(part, Word::out_of_range)) {
    part.verdict = Verdict::not_affected;
    part.why = version + " is in no range of what is affected (" + by(*out) + ")";
  } else if (const Account* yes = first(part, Word::affected)) {
    part.verdict = Verdict::not_affected;
    part.why = "what says otherwise does not count here: " + by(*yes);
  } else if (const Account* odd = first(part, Word::of_another)) {
    part.verdict = Verdict::not_affected;
    part.why = by(*odd) + " is " + odd->says;
  } else {
    part.verdict = Verdict::no_data;
    part.why = "records speak of it, but none of them for this distribution or ecosystem";
  }
}

Part part_of(const Report& report, std::size_t index) {
  Part part{.package = index};
  const auto about = [&](const Finding& one) {
    return one.package == index && is_about(one, report.explained);
  };
  for (const Account& one : report.accounts) {
    if (one.package == index) part.accounts.push_back(&one);
  }
  const auto found = std::ranges::find_if(report.findings.list, about);
  const auto kept = std::ranges::find_if(report.findings.suppressed, about, &Suppressed::finding);
  const Package& package = report.inventory.packages[index];
  if (found != report.findings.list.end()) {
    part.finding = &*found;
    part.verdict = Verdict::affected;
    const Proof& proof = found->proofs.front();
    part.why = proof.comparison.empty()
                   ? proof.advisory + " of " + proof.publisher
                   : proof.comparison + " (" + proof.advisory + " of " + proof.publisher + ")";
  } else if (kept != report.findings.suppressed.end()) {
    part.finding = &kept->finding;
    part.suppressed = &*kept;
    part.verdict = Verdict::suppressed;
    const std::string_view rule = name(kept->rule);  // "exception rules.yaml:2" says it itself
    part.why = kept->reason.starts_with(rule) ? kept->reason : std::string(rule) + ": " + kept->reason;
  } else {
    judge(full_version(package), part);
  }
  return part;
}

bool is_told_of(const Part& part) { return part.finding != nullptr || !part.accounts.empty(); }

// What may be in the image without being among its packages. Versions that cannot be ordered are those of packages that are.
std::vector<Note> unseen(const Report& report) {
  std::vector<Note> notes = gaps(report);
  std::erase_if(notes, [](const Note& one) { return one.why == Why::unordered; });
  return notes;
}

// Of an image of which no package is spoken of.
void judge_absence(const Report& report, Story& story) {
  const std::vector<std::string> blind = not_assessed(report);
  const std::vector<Note> dark = unseen(report);
  if (report.records == 0) {
    story.verdict = Verdict::unknown;
    story.why = "the database has no record of it";
  } else if (!blind.empty()) {
    story.verdict = Verdict::no_data;
    story.why = "no record names a package of this image, of which not all can be judged: " + blind.front();
  } else if (!dark.empty()) {
    story.verdict = Verdict::undetermined;
    story.why = "no record names a package of this image, of which not all could be looked at: " +
                words(dark.front());
  } else {
    story.verdict = Verdict::not_in_image;
    story.why = "no package of this image is named by any of its records";
  }
}

}  // namespace

Story story_of(const Report& report) {
  Story story;
  for (std::size_t i = 0; i < report.inventory.packages.size(); ++i) {
    Part part = part_of(report, i);
    if (is_told_of(part)) story.parts.push_back(std::move(part));
  }
  if (story.parts.empty()) {
    judge_absence(report, story);
    return story;
  }
  const auto worst = std::ranges::min_element(story.parts, {}, &Part::verdict);
  const auto many = std::ranges::count(story.parts, worst->verdict, &Part::verdict);
  const std::string& package = report.inventory.packages[worst->package].name;
  story.verdict = worst->verdict;
  story.why = package + ": " + worst->why;
  if (many > 1) story.why += ", and " + counted(static_cast<std::uint64_t>(many - 1), "package") + " more";
  if (story.verdict >= Story::Verdict::fixed && !unseen(report).empty())
    story.why += "; but not all of the image could be looked at";
  return story;
}

std::string_view name(Story::Verdict verdict) {
  constexpr std::array<std::string_view, 8> kNames = {"affected", "undetermined", "suppressed",   "no_data",
                                                      "fixed",    "not_affected", "not_in_image", "unknown"};
  return kNames[static_cast<std::size_t>(verdict)];
}

}  // namespace peekr
