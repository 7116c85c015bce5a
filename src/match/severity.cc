// SPDX-License-Identifier: Apache-2.0
// The rule, here and in docs/severity.md:
//   1. the word of the publisher whose record matched: urgency or severity, when it stands for a level ("not
//   yet assigned"
//      does not); the highest where several matched
//   2. the CVSS base score of a vector in the records that matched: the newest CVSS version, of these the
//   highest score
//   3. any other record in the database with the same id: the highest CVSS score, else the highest word
//   4. unknown
// In every step records of this one vulnerability come before errata that answer several: an erratum has the
// word and the score of the worst of them.
#include "match/severity.h"

#include <algorithm>
#include <optional>

#include "match/names.h"
#include "model/cvss.h"

namespace peekr {
namespace {

struct Word {
  Severity severity = Severity::unknown;
  std::string source;
};

struct Score {
  int version = 0;  // of CVSS: 40, 31, 30, 20
  double value = 0;
  Severity severity = Severity::unknown;
  std::string source;
};

int version_of(std::string_view vector) {
  if (vector.starts_with("CVSS:4.0/")) return 40;
  if (vector.starts_with("CVSS:3.1/")) return 31;
  return vector.starts_with("CVSS:3.0/") ? 30 : 20;
}

Word word(const Statement& statement) {
  const std::string& id = statement.advisory->id;
  const Severity urgency = severity_of_word(statement.urgency);
  if (urgency != Severity::unknown) return {urgency, id + ": urgency " + statement.urgency};
  return {severity_of_word(statement.advisory->severity), id + ": severity " + statement.advisory->severity};
}

Grade of_word(const Advisory& advisory, const std::string& source, const std::string& word) {
  return {.source = source, .advisory = advisory.id, .severity = severity_of_word(word), .word = word};
}

Grade of_vector(const Advisory& advisory, const std::string& source, const std::string& vector) {
  Grade one{.source = source, .advisory = advisory.id, .vector = vector, .score = cvss_score(vector)};
  if (one.score) one.severity = severity_of_score(*one.score, vector);
  return one;
}

// All that a record says, in its order.
std::vector<Grade> grades(const Statement& statement) {
  const Advisory& advisory = *statement.advisory;
  std::vector<Grade> all;
  for (const std::string* one : {&statement.urgency, &advisory.severity}) {
    if (severity_of_word(*one) != Severity::unknown)
      all.push_back(of_word(advisory, advisory.publisher, *one));
  }
  for (const auto* vectors : {&statement.vectors, &advisory.vectors}) {
    for (const std::string& one : *vectors) all.push_back(of_vector(advisory, advisory.publisher, one));
  }
  for (const Rating& one : advisory.ratings) {
    all.push_back(one.vector.empty() ? of_word(advisory, one.source, one.word)
                                     : of_vector(advisory, one.source, one.vector));
  }
  return all;
}

std::vector<Score> scores(const Statement& statement) {
  std::vector<Score> all;
  for (const Grade& one : grades(statement)) {
    if (!one.score) continue;
    all.push_back({version_of(one.vector), *one.score, one.severity, one.advisory + ": " + one.vector});
  }
  return all;
}

void add_grades(std::span<const Statement> statements, std::vector<Grade>& all) {
  for (const Statement& statement : statements) {
    for (Grade& one : grades(statement)) {
      const bool known = std::ranges::any_of(all, [&](const Grade& other) {
        return other.source == one.source && other.word == one.word && other.vector == one.vector;
      });
      if (!known) all.push_back(std::move(one));
    }
  }
}

std::optional<Word> best_word(std::span<const Statement> statements, bool Statement::* skip) {
  std::optional<Word> best;
  for (const Statement& statement : statements) {
    if (skip != nullptr && statement.*skip) continue;
    Word one = word(statement);
    if (one.severity != Severity::unknown && (!best || one.severity > best->severity)) best = std::move(one);
  }
  return best;
}

using Better = bool (*)(const Score&, const Score&);
bool newer_then_higher(const Score& a, const Score& b) {
  return a.version != b.version ? a.version > b.version : a.value > b.value;
}
bool higher_then_newer(const Score& a, const Score& b) {
  return a.value != b.value ? a.value > b.value : a.version > b.version;
}

std::optional<Score> best_score(std::span<const Statement> statements, bool Statement::* skip,
                                Better better) {
  std::optional<Score> best;
  for (const Statement& statement : statements) {
    if (skip != nullptr && statement.*skip) continue;
    for (Score& one : scores(statement)) {
      if (!best || better(one, *best)) best = std::move(one);
    }
  }
  return best;
}

// First without, then with the errata of several vulnerabilities.
std::optional<Word> best_word(std::span<const Statement> statements) {
  std::optional<Word> best = best_word(statements, &Statement::of_several);
  return best ? best : best_word(statements, nullptr);
}

std::optional<Score> best_score(std::span<const Statement> statements, Better better) {
  std::optional<Score> best = best_score(statements, &Statement::of_several, better);
  return best ? best : best_score(statements, nullptr, better);
}

void take(std::optional<Word> word, std::optional<Score> score, Finding& finding) {
  if (score && !finding.cvss) finding.cvss = score->value;
  if (finding.severity != Severity::unknown) return;
  if (word) {
    finding.severity = word->severity;
    finding.severity_source = std::move(word->source);
  } else if (score) {
    finding.severity = score->severity;
    finding.severity_source = std::move(score->source);
  }
}

}  // namespace

void rate(std::span<const Statement> matched, Finding& finding) {
  take(best_word(matched), best_score(matched, newer_then_higher), finding);
  add_grades(matched, finding.grades);
}

void rate_by_others(std::span<const Advisory* const> others, Finding& finding) {
  std::vector<Statement> statements;
  for (const Advisory* other : others) {
    Statement one{.advisory = other, .urgency = {}, .vectors = {}, .of_several = !is_about_one(*other)};
    for (const Affected& affected : other->affected) {
      one.vectors.insert(one.vectors.end(), affected.vectors.begin(), affected.vectors.end());
      if (severity_of_word(affected.urgency) > severity_of_word(one.urgency)) one.urgency = affected.urgency;
    }
    statements.push_back(std::move(one));
  }
  if (finding.severity == Severity::unknown || !finding.cvss) {
    std::optional<Score> score = best_score(statements, higher_then_newer);
    take(score ? std::nullopt : best_word(statements), std::move(score), finding);
  }
  add_grades(statements, finding.grades);
}

}  // namespace peekr
