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

// A record, and all that it says, in its order.
struct Said {
  const Statement* by = nullptr;
  std::vector<Grade> grades;
};

int version_of(std::string_view vector) {
  if (vector.starts_with("CVSS:4.0/")) return 40;
  if (vector.starts_with("CVSS:3.1/")) return 31;
  return vector.starts_with("CVSS:3.0/") ? 30 : 20;
}

Severity severity_of(const Statement& statement) {
  const Severity urgency = severity_of_word(statement.urgency);
  return urgency != Severity::unknown ? urgency : severity_of_word(statement.advisory->severity);
}

std::string source_of_word(const Statement& statement) {
  const bool urgent = severity_of_word(statement.urgency) != Severity::unknown;
  return statement.advisory->id +
         (urgent ? ": urgency " + statement.urgency : ": severity " + statement.advisory->severity);
}

Grade of_word(const Advisory& advisory, const std::string& source, const std::string& word) {
  return {.source = source, .advisory = advisory.id, .severity = severity_of_word(word), .word = word};
}

Grade of_vector(const Advisory& advisory, const std::string& source, const std::string& vector) {
  Grade one{.source = source, .advisory = advisory.id, .vector = vector, .score = cvss_score(vector)};
  if (one.score) one.severity = severity_of_score(*one.score, vector);
  return one;
}

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

std::vector<Said> said(std::span<const Statement> statements) {
  std::vector<Said> all;
  all.reserve(statements.size());
  for (const Statement& statement : statements) all.push_back({&statement, grades(statement)});
  return all;
}

void add_grades(std::vector<Said>&& said, std::vector<Grade>& all) {
  for (Said& one : said) {
    for (Grade& grade : one.grades) {
      const bool known = std::ranges::any_of(all, [&](const Grade& other) {
        return other.source == grade.source && other.word == grade.word && other.vector == grade.vector;
      });
      if (!known) all.push_back(std::move(grade));
    }
  }
}

enum class Of { one, any };  // of this vulnerability alone, or errata of several, too

const Statement* best_word(std::span<const Said> all, Of which) {
  const Statement* best = nullptr;
  for (const Said& one : all) {
    if (which == Of::one && one.by->of_several) continue;
    const Severity severity = severity_of(*one.by);
    if (severity != Severity::unknown && (best == nullptr || severity > severity_of(*best))) best = one.by;
  }
  return best;
}

using Better = bool (*)(const Grade&, const Grade&);
bool newer_then_higher(const Grade& a, const Grade& b) {
  const int one = version_of(a.vector), other = version_of(b.vector);
  return one != other ? one > other : *a.score > *b.score;
}
bool higher_then_newer(const Grade& a, const Grade& b) {
  return *a.score != *b.score ? *a.score > *b.score : version_of(a.vector) > version_of(b.vector);
}

const Grade* best_score(std::span<const Said> all, Of which, Better better) {
  const Grade* best = nullptr;
  for (const Said& one : all) {
    if (which == Of::one && one.by->of_several) continue;
    for (const Grade& grade : one.grades) {
      if (grade.score && (best == nullptr || better(grade, *best))) best = &grade;
    }
  }
  return best;
}

// Null: there is none.
const Statement* best_word(std::span<const Said> all) {
  const Statement* best = best_word(all, Of::one);
  return best != nullptr ? best : best_word(all, Of::any);
}

const Grade* best_score(std::span<const Said> all, Better better) {
  const Grade* best = best_score(all, Of::one, better);
  return best != nullptr ? best : best_score(all, Of::any, better);
}

void take(const Statement* word, const Grade* score, Finding& finding) {
  if (score != nullptr && !finding.cvss) finding.cvss = score->score;
  if (finding.severity != Severity::unknown) return;
  if (word != nullptr) {
    finding.severity = severity_of(*word);
    finding.severity_source = source_of_word(*word);
  } else if (score != nullptr) {
    finding.severity = score->severity;
    finding.severity_source = score->advisory + ": " + score->vector;
  }
}

}  // namespace

void rate(std::span<const Statement> matched, Finding& finding) {
  std::vector<Said> all = said(matched);
  take(best_word(all), best_score(all, newer_then_higher), finding);
  add_grades(std::move(all), finding.grades);
}

void rate_by_others(std::span<const Advisory* const> others, Finding& finding) {
  std::vector<Statement> statements;
  statements.reserve(others.size());
  for (const Advisory* other : others) {
    Statement one{.advisory = other, .urgency = {}, .vectors = {}, .of_several = !is_about_one(*other)};
    for (const Affected& affected : other->affected) {
      one.vectors.insert(one.vectors.end(), affected.vectors.begin(), affected.vectors.end());
      if (severity_of_word(affected.urgency) > severity_of_word(one.urgency)) one.urgency = affected.urgency;
    }
    statements.push_back(std::move(one));
  }
  std::vector<Said> all = said(statements);
  if (finding.severity == Severity::unknown || !finding.cvss) {
    const Grade* score = best_score(all, higher_then_newer);
    take(score != nullptr ? nullptr : best_word(all), score, finding);
  }
  add_grades(std::move(all), finding.grades);
}

}  // namespace peekr
