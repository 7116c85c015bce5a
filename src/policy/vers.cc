// SPDX-License-Identifier: Apache-2.0
// The constraints of a range are signposts on the line of versions: where a version is equal to none of them, the nearest one below and
// the nearest one above, of those that are no equality, say whether it is inside. The specification wants them sorted; its own examples
// are not always, and an earlier edition allowed blanks: both are read.
#include "policy/vers.h"

#include <algorithm>
#include <compare>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "model/purl.h"

namespace peekr {
namespace {

using Comparator = VersRange::Comparator;
using Constraint = VersRange::Constraint;

constexpr std::size_t kMostConstraints = 1000;

// By the type of a package URL, or the name that VERS has beside it, the order.
struct Kind {
  std::string_view type, scheme;
};
constexpr Kind kKinds[] = {
    {"alpine", "apk"},
    {"alpm", "pacman"},
    {"apk", "apk"},
    {"bioconductor", "cran"},
    {"bitnami", "bitnami"},
    {"cargo", "semver"},
    {"composer", "composer"},
    {"conan", "semver"},
    {"cran", "cran"},
    {"dart", "pub"},
    {"deb", "deb"},
    {"ebuild", "portage"},
    {"gem", "gem"},
    {"generic", "maven"},
    {"gentoo", "portage"},
    {"github", "maven"},
    {"githubactions", "semver"},
    {"golang", "go"},
    {"hackage", "hackage"},
    {"hex", "semver"},
    {"julia", "semver"},
    {"maven", "maven"},
    {"npm", "semver"},
    {"nuget", "nuget"},
    {"opam", "deb"},
    {"openssl", "openssl"},
    {"pub", "pub"},
    {"pypi", "pep440"},
    {"rpm", "rpm"},
    {"semver", "semver"},
    {"swift", "semver"},
};

const Scheme* scheme_of(std::string_view type) {
  const auto kind = std::ranges::find(kKinds, type, &Kind::type);
  return kind == std::end(kKinds) ? nullptr : find_scheme(kind->scheme);
}

bool is_upper(Comparator one) { return one == Comparator::less || one == Comparator::less_or_equal; }
bool is_lower(Comparator one) { return one == Comparator::greater || one == Comparator::greater_or_equal; }
bool holds_its_own(Comparator one) {
  return one == Comparator::equal || one == Comparator::less_or_equal || one == Comparator::greater_or_equal;
}

Constraint constraint_in(std::string_view text) {
  struct Sign {
    std::string_view text;
    Comparator comparator;
  };
  static constexpr Sign kSigns[] = {{">=", Comparator::greater_or_equal},
                                    {"<=", Comparator::less_or_equal},
                                    {"!=", Comparator::unequal},
                                    {"<", Comparator::less},
                                    {">", Comparator::greater}};
  for (const Sign& sign : kSigns) {
    if (text.starts_with(sign.text)) return {sign.comparator, percent_decoded(text.substr(sign.text.size()))};
  }
  return {Comparator::equal, percent_decoded(text)};
}

Result<std::vector<Constraint>> constraints_in(std::string_view text, const Scheme& scheme) {
  std::vector<Constraint> all;
  for (const std::string_view part : split(text, '|')) {
    if (part.empty()) continue;  // at the ends, or twice
    if (all.size() == kMostConstraints) return fail(Errc::unsupported, "too many constraints");
    Constraint one = constraint_in(part);
    if (!scheme.compare(one.version, one.version))
      return fail(Errc::damaged, printable(part) + ": no version of " + std::string(scheme.name));
    all.push_back(std::move(one));
  }
  if (all.empty()) return fail(Errc::damaged, "it has no constraint");
  std::ranges::stable_sort(all, [&](const Constraint& a, const Constraint& b) {
    return scheme.compare(a.version, b.version) == std::strong_ordering::less;
  });
  return all;
}

// Each version once; what is inside an interval already is said twice, and two lower bounds in a row are no interval.
Status check(const std::vector<Constraint>& all, const Scheme& scheme) {
  const Constraint *before = nullptr, *sign = nullptr;  // sign: the last one that is no exclusion
  for (const Constraint& one : all) {
    if (before != nullptr && scheme.compare(before->version, one.version) == std::strong_ordering::equal)
      return fail(Errc::damaged, printable(one.version) + ": it has that version twice");
    before = &one;
    if (one.comparator == Comparator::unequal) continue;
    const bool open = sign != nullptr && is_lower(sign->comparator);
    if (is_upper(one.comparator) ? sign != nullptr && !open : open)
      return fail(Errc::damaged, printable(one.version) + ": no interval begins or ends there");
    sign = &one;
  }
  return {};
}

// "1" of "1:3.0.7-1", "" of "3.0.7-1".
std::string_view epoch_of(std::string_view version) {
  const std::size_t colon = version.find(':');
  return version.substr(0, colon == std::string_view::npos ? 0 : colon);
}

std::string_view without_epoch(std::string_view version) { return version.substr(version.find(':') + 1); }

// Beside each other with epochs and without they have no order.
Status check_epochs(const std::vector<Constraint>& all, const Scheme& scheme) {
  if (scheme.name != "rpm") return {};
  const auto has_epoch = [](const Constraint& one) { return !epoch_of(one.version).empty(); };
  const std::ptrdiff_t with = std::ranges::count_if(all, has_epoch);
  if (with == 0 || with == std::ssize(all)) return {};
  return fail(Errc::damaged, "some of its versions have an epoch, some have none");
}

bool has_one_epoch(const VersRange& range) {
  const std::string_view first = epoch_of(range.constraints.front().version);
  return std::ranges::all_of(range.constraints,
                             [&](const Constraint& one) { return epoch_of(one.version) == first; });
}

// The version against a bound; epochs count where both have one.
std::optional<std::strong_ordering> order_of(const VersRange& range, const MeantVersion& version,
                                             std::string_view bound) {
  std::string_view text = version.text;
  if (range.scheme->name == "rpm" && epoch_of(bound).empty()) text = without_epoch(text);
  if (!version.knows_epoch) bound = without_epoch(bound);
  return against_bound(*range.scheme, text, bound);
}

}  // namespace

Result<VersRange> read_vers(std::string_view text, std::string_view type) {
  constexpr std::string_view kScheme = "vers:";
  if (!text.starts_with(kScheme)) return fail(Errc::damaged, "it does not begin with vers:");
  std::string plain(text.substr(kScheme.size()));
  std::erase_if(plain, is_space);
  const auto [kind, constraints] = cut(plain, '/');
  const Scheme* const own = scheme_of(type);
  VersRange range{.scheme =
                      kind == "semver" || (kind == "generic" && own != nullptr) ? own : scheme_of(kind)};
  if (constraints == "*" && kind != "invalid") {
    range.star = kind != "none";
    return range;
  }
  if (range.scheme == nullptr || own == nullptr)
    return fail(Errc::unsupported,
                "versions of " + printable(own == nullptr ? type : kind) + " have no order here");
  if (range.scheme != own)
    return fail(Errc::unsupported, "versions of " + std::string(kind) + " are none of " + printable(type));
  range.constraints = TRY(constraints_in(constraints, *range.scheme));
  TRY(check_epochs(range.constraints, *range.scheme));
  TRY(check(range.constraints, *range.scheme));
  return range;
}

std::optional<bool> contains(const VersRange& range, const MeantVersion& version) {
  if (range.constraints.empty()) return range.star;
  if (!version.knows_epoch && !has_one_epoch(range)) return std::nullopt;
  const Constraint *below = nullptr, *above = nullptr;
  bool only_exclusions = true;
  for (const Constraint& one : range.constraints) {
    const auto order = order_of(range, version, one.version);
    if (!order) return std::nullopt;
    if (*order == 0) return holds_its_own(one.comparator);
    if (one.comparator == Comparator::unequal) continue;
    only_exclusions = false;
    if (one.comparator == Comparator::equal) continue;
    if (*order > 0) below = &one;
    if (*order < 0 && above == nullptr) above = &one;
  }
  if (only_exclusions) return true;
  return below != nullptr ? is_lower(below->comparator) : above != nullptr && is_upper(above->comparator);
}

}  // namespace peekr
