// SPDX-License-Identifier: Apache-2.0
#include "match/range.h"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace peekr {
namespace {

using Answer = Judgement::Answer;
using Kind = Event::Kind;

const Order kDeb{.scheme = find_scheme("deb")};

Affected ranges(std::vector<std::vector<Event>> all, std::vector<std::string> versions = {}) {
  Affected affected{.ecosystem = "Debian:8", .package = "glibc", .versions = std::move(versions)};
  for (std::vector<Event>& events : all) affected.ranges.push_back({"ECOSYSTEM", std::move(events)});
  return affected;
}

Event introduced(std::string version) { return {Kind::introduced, std::move(version)}; }
Event fixed(std::string version) { return {Kind::fixed, std::move(version)}; }
Event last(std::string version) { return {Kind::last_affected, std::move(version)}; }
Event limit(std::string version) { return {Kind::limit, std::move(version)}; }

Answer answer(const Affected& affected, std::string_view version) {
  return evaluate(affected, version, kDeb).answer;
}

TEST(Range, glibc_of_debian_8_before_DSA_3481_1_is_affected_and_says_why) {
  const Affected dsa = ranges({{introduced("0"), fixed("2.19-18+deb8u3")}});
  const Judgement before = evaluate(dsa, "2.19-18+deb8u2", kDeb);
  EXPECT_EQ(before.answer, Answer::affected);
  EXPECT_EQ(before.range, ">= 0, < 2.19-18+deb8u3");
  EXPECT_EQ(before.comparison, "2.19-18+deb8u2 < 2.19-18+deb8u3");
  EXPECT_EQ(before.fixed_in, "2.19-18+deb8u3");
  EXPECT_EQ(answer(dsa, "2.19-18+deb8u3"), Answer::not_affected);
  EXPECT_EQ(answer(dsa, "2.19-18+deb8u10"), Answer::not_affected);
}

TEST(Range, the_fix_that_a_version_has_is_the_latest_that_it_has_reached) {
  const Affected affected = ranges(
      {{introduced("0"), fixed("1.2")}, {introduced("2.0"), fixed("2.2"), introduced("3.0"), fixed("3.1")}});
  EXPECT_EQ(fix_reached(affected, "1.1", kDeb), "");
  EXPECT_EQ(fix_reached(affected, "1.2", kDeb), "1.2");
  EXPECT_EQ(fix_reached(affected, "2.5", kDeb), "2.2");
  EXPECT_EQ(fix_reached(affected, "9", kDeb), "3.1");
  EXPECT_EQ(fix_reached(ranges({{introduced("3.0")}}), "1.0", kDeb), "");
  EXPECT_EQ(fix_reached(ranges({{introduced("0"), fixed("no version")}}), "1.0", kDeb), "");
}

TEST(Range, events_may_stand_in_any_order) {
  const Affected affected = ranges({{fixed("4.0"), introduced("3.0"), fixed("2.0"), introduced("1.0")}});
  EXPECT_EQ(answer(affected, "0.9"), Answer::not_affected);
  EXPECT_EQ(answer(affected, "1.0"), Answer::affected);
  EXPECT_EQ(answer(affected, "2.0"), Answer::not_affected);
  EXPECT_EQ(evaluate(affected, "3.5", kDeb).range, ">= 3.0, < 4.0");
  EXPECT_EQ(answer(affected, "4.0"), Answer::not_affected);
}

TEST(Range, several_ranges_are_a_union_with_the_smallest_fix_that_none_of_them_holds) {
  // node-fetch's advisory once said [1.0, 3.1.1) and [0, 2.6.7): who goes to 2.6.7 is told to go on.
  const Affected overlapping =
      ranges({{introduced("1.0"), fixed("3.1.1")}, {introduced("0"), fixed("2.6.7")}});
  EXPECT_EQ(evaluate(overlapping, "0.9", kDeb).fixed_in, "3.1.1");
  EXPECT_EQ(evaluate(overlapping, "2.0", kDeb).fixed_in, "3.1.1");
  EXPECT_EQ(evaluate(overlapping, "2.0", kDeb).range, ">= 0, < 2.6.7");
  EXPECT_EQ(evaluate(overlapping, "2.6.7", kDeb).fixed_in, "3.1.1");
  EXPECT_EQ(answer(overlapping, "3.1.1"), Answer::not_affected);
}

TEST(Range, of_very_many_ranges_the_fix_is_that_of_the_last) {
  std::vector<std::vector<Event>> all;
  for (int i = 1; i <= 1000; ++i) all.push_back({introduced("0"), fixed(std::to_string(i))});
  const Judgement one = evaluate(ranges(all), "2.5", kDeb);
  EXPECT_EQ(one.range, ">= 0, < 3");
  EXPECT_EQ(one.fixed_in, "1000");
}

TEST(Range, a_fix_above_a_limit_is_further_than_what_the_limit_leaves) {
  const Affected affected =
      ranges({{introduced("0"), fixed("20"), limit("10")}, {introduced("0"), fixed("15")}});
  EXPECT_EQ(evaluate(affected, "5", kDeb).fixed_in, "15");
}

TEST(Range, of_branches_the_fix_is_that_of_the_version_s_own) {
  const Affected branches = ranges({{introduced("1.0"), fixed("1.5"), introduced("2.0"), fixed("2.3")}});
  EXPECT_EQ(evaluate(branches, "1.2", kDeb).fixed_in, "1.5");
  EXPECT_EQ(evaluate(branches, "2.1", kDeb).fixed_in, "2.3");
}

TEST(Range, a_fix_that_is_affected_for_good_is_none) {
  EXPECT_EQ(evaluate(ranges({{introduced("0"), fixed("1.5")}, {introduced("1.2"), last("9")}}), "1.3", kDeb)
                .fixed_in,
            "");
  EXPECT_EQ(evaluate(ranges({{introduced("0"), fixed("1.5")}}, {"1.5"}), "1.3", kDeb).fixed_in, "");
}

TEST(Range, somebody_s_build_of_a_python_version_is_that_version) {
  const Order python{.scheme = find_scheme("pep440")};
  const Affected closed = ranges({{introduced("2.0"), last("2.4.1")}});
  EXPECT_EQ(evaluate(closed, "2.4.1+cu121", python).answer, Answer::affected);
  EXPECT_EQ(evaluate(closed, "2.4.2+cu121", python).answer, Answer::not_affected);
  EXPECT_EQ(evaluate(ranges({}, {"2.4.1"}), "2.4.1+cu121", python).answer, Answer::affected);
  EXPECT_EQ(evaluate(ranges({}, {"2.4.1+cu118"}), "2.4.1+cu121", python).answer, Answer::not_affected);
  EXPECT_EQ(evaluate(ranges({{introduced("0"), fixed("2.4.1")}}), "2.4.1+cu121", python).answer,
            Answer::not_affected);
  EXPECT_EQ(evaluate(ranges({{introduced("0"), fixed("2.4.1+cu122")}}), "2.4.1+cu121", python).answer,
            Answer::affected);
}

TEST(Range, last_affected_is_inside_and_names_no_fix) {
  const Affected affected = ranges({{introduced("1.0"), last("1.5")}});
  const Judgement at = evaluate(affected, "1.5", kDeb);
  EXPECT_EQ(at.answer, Answer::affected);
  EXPECT_EQ(at.range, ">= 1.0, <= 1.5");
  EXPECT_EQ(at.comparison, "1.5 = 1.5");
  EXPECT_EQ(at.fixed_in, "");
  EXPECT_EQ(evaluate(affected, "1.2", kDeb).comparison, "1.2 < 1.5");
  EXPECT_EQ(answer(affected, "1.5.1"), Answer::not_affected);
}

TEST(Range, introduced_and_fixed_at_the_same_version_is_empty) {
  const Affected at_one = ranges({{fixed("1.0"), introduced("1.0")}});
  EXPECT_EQ(answer(at_one, "0.9"), Answer::not_affected);
  EXPECT_EQ(answer(at_one, "1.0"), Answer::not_affected);
  EXPECT_EQ(answer(at_one, "1.1"), Answer::not_affected);
  const Affected never = ranges({{introduced("0"), fixed("0")}});
  EXPECT_EQ(answer(never, "0~x"), Answer::not_affected);
  EXPECT_EQ(answer(never, "5"), Answer::not_affected);
  const Affected one_version = ranges({{last("1.0"), introduced("1.0")}});
  EXPECT_EQ(answer(one_version, "1.0"), Answer::affected);
  EXPECT_EQ(answer(one_version, "1.1"), Answer::not_affected);
}

TEST(Range, what_a_version_fixes_and_another_branch_introduces_is_affected_from_there_on) {
  const Affected affected = ranges({{introduced("1.0"), fixed("2.0"), introduced("2.0")}});
  for (const char* version : {"1.0", "2.0", "9"})
    EXPECT_EQ(answer(affected, version), Answer::affected) << version;
  EXPECT_EQ(answer(affected, "0.9"), Answer::not_affected);
  EXPECT_EQ(answer(ranges({{introduced("2.0"), introduced("1.0"), last("2.0")}}), "2.1"), Answer::affected);
  const Affected both = ranges({{introduced("0"), fixed("2.0"), introduced("2.0"), last("2.0")}});
  EXPECT_EQ(answer(both, "2.0"), Answer::affected);
  EXPECT_EQ(answer(both, "2.1"), Answer::not_affected);
}

TEST(Range, introduced_0_is_below_every_version) {
  const Affected affected = ranges({{introduced("0"), fixed("1:1.0")}});
  EXPECT_EQ(answer(affected, "0~~"), Answer::affected);
  EXPECT_EQ(answer(affected, "0:0.9"), Answer::affected);
  EXPECT_EQ(answer(affected, "999"), Answer::affected);
  EXPECT_EQ(answer(affected, "1:1.0"), Answer::not_affected);
}

TEST(Range, without_an_end_every_later_version_is_affected) {
  const Judgement open = evaluate(ranges({{introduced("2")}}), "9:9", kDeb);
  EXPECT_EQ(open.answer, Answer::affected);
  EXPECT_EQ(open.range, ">= 2");
  EXPECT_EQ(open.comparison, "9:9 >= 2");
  EXPECT_EQ(open.fixed_in, "");
}

TEST(Range, a_limit_ends_what_no_fix_ends) {
  const Affected affected = ranges({{introduced("0"), limit("2.0"), limit("3.0")}});
  EXPECT_EQ(answer(affected, "2.5"), Answer::affected);
  EXPECT_EQ(answer(affected, "3.0"), Answer::not_affected);
  EXPECT_EQ(answer(ranges({{introduced("0"), limit("*")}}), "99"), Answer::affected);
}

TEST(Range, git_ranges_and_empty_entries_say_nothing) {
  Affected git{.ecosystem = "Debian:8", .package = "glibc"};
  EXPECT_EQ(answer(git, "1.0"), Answer::not_affected);
  git.ranges.push_back({"GIT", {introduced("0"), fixed("8b5d1a3c")}});
  EXPECT_EQ(answer(git, "1.0"), Answer::not_affected);
}

TEST(Range, listed_versions_are_affected_whatever_the_ranges_say) {
  const Affected affected = ranges({{introduced("0"), fixed("1.0")}}, {"2.0-1"});
  const Judgement listed = evaluate(affected, "2.0-1", kDeb);
  EXPECT_EQ(listed.answer, Answer::affected);
  EXPECT_EQ(listed.range, "= 2.0-1");
  EXPECT_EQ(answer(affected, "2.0-2"), Answer::not_affected);
  EXPECT_EQ(answer(ranges({}, {"1.0-0"}), "1.0"), Answer::affected);  // equal to dpkg
}

TEST(Range, what_nvd_lists_beside_a_range_is_meant_however_it_is_spelt) {
  const Order software{.scheme = find_scheme("maven")};
  Affected openssh = ranges({{introduced("0"), fixed("9.3")}}, {"9.3", "9.3-p1"});  // CVE-2023-38408
  openssh.ecosystem = "CPE";
  EXPECT_EQ(evaluate(openssh, "9.3p1", software).answer, Answer::affected);
  EXPECT_EQ(evaluate(openssh, "9.3p2", software).answer, Answer::not_affected);
  openssh.ranges.clear();
  openssh.versions = {"no version"};
  EXPECT_EQ(answer(openssh, "no version"), Answer::affected) << "whether or not it can be ordered";
}

TEST(Range, a_version_that_cannot_be_ordered_is_neither_affected_nor_clean) {
  const Affected affected = ranges({{introduced("0"), fixed("1.0")}}, {"weird!"});
  const Judgement odd = evaluate(affected, "not a version", kDeb);
  EXPECT_EQ(odd.answer, Answer::undetermined);
  EXPECT_EQ(odd.doubt, "not a version against 1.0");
  EXPECT_EQ(answer(affected, "weird!"), Answer::affected);  // by name
  const Affected bad_bound = ranges({{introduced("0"), fixed("1.0 or so")}});
  EXPECT_EQ(evaluate(bad_bound, "0.5", kDeb).doubt, "0.5 against 1.0 or so");
  // What another range says surely still holds.
  EXPECT_EQ(answer(ranges({{introduced("0"), fixed("1.0 or so")}, {introduced("0"), fixed("2.0")}}), "0.5"),
            Answer::affected);
}

TEST(Range, every_version_is_affected_even_one_that_cannot_be_ordered) {
  EXPECT_EQ(answer(ranges({{introduced("0")}}), "not a version"), Answer::affected);
}

TEST(Range, rpm_epochs_count_unless_the_installed_version_is_a_source_rpm_without_one) {
  const Affected affected = ranges({{introduced("0"), fixed("4:5.26.3-416.el8")}});
  const Order binary{.scheme = find_scheme("rpm")};
  const Order source{.scheme = find_scheme("rpm"), .epochs = Order::Epochs::only_if_both};
  EXPECT_EQ(evaluate(affected, "5.26.3-420.el8", binary).answer, Answer::affected);  // epoch 0 is older
  EXPECT_EQ(evaluate(affected, "5.26.3-420.el8", source).answer, Answer::not_affected);
  EXPECT_EQ(evaluate(affected, "5.26.3-410.el8", source).answer, Answer::affected);
  EXPECT_EQ(evaluate(affected, "5.26.3-410.el8", source).fixed_in, "4:5.26.3-416.el8");
  EXPECT_EQ(evaluate(affected, "5:1.0-1.el8", source).answer, Answer::not_affected);
}

TEST(Range, apk_versions_are_ordered_as_apk_does) {
  const Order apk{.scheme = find_scheme("apk")};
  const Affected affected = ranges({{introduced("0"), fixed("1.6-r0")}});
  EXPECT_EQ(evaluate(affected, "1.6_rc1-r1", apk).answer, Answer::affected);
  EXPECT_EQ(evaluate(affected, "1.6-r0", apk).answer, Answer::not_affected);
}

// The algorithm as the OSV schema spells it, on whole numbers; an independent and slow way to the same
// answer.
bool brute_force(const std::vector<std::vector<std::pair<Kind, int>>>& all, int version) {
  for (std::vector<std::pair<Kind, int>> events : all) {
    bool below = true, limited = false;
    for (const auto& [kind, at] : events) {
      if (kind == Kind::limit) {
        below = limited ? below || version < at : version < at;
        limited = true;
      }
    }
    if (!below) continue;
    bool vulnerable = false;
    for (int at = 0; at <= 20; ++at) {  // 0 is the bottom; versions start at 1
      // The schema leaves open which comes first at one version: what ends the open range, then what opens one, then what ends that.
      std::vector<Kind> kinds = {Kind::introduced, Kind::fixed, Kind::last_affected};
      if (vulnerable && std::ranges::find(events, std::pair(Kind::fixed, at)) != events.end()) {
        kinds = {Kind::fixed, Kind::introduced, Kind::last_affected};
      } else if (vulnerable) {
        kinds = {Kind::last_affected, Kind::introduced};
      }
      for (const Kind kind : kinds) {
        for (const auto& [event, where] : events) {
          if (event != kind || where != at) continue;
          if (kind == Kind::introduced && at <= version) vulnerable = true;
          if (kind == Kind::fixed && at <= version) vulnerable = false;
          if (kind == Kind::last_affected && at < version) vulnerable = false;
        }
      }
    }
    if (vulnerable) return true;
  }
  return false;
}

TEST(Range, random_ranges_agree_with_the_schema_s_own_algorithm) {
  std::mt19937 random(20151547);
  const auto number = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  int affected_count = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::vector<std::vector<std::pair<Kind, int>>> model(static_cast<std::size_t>(1 + number(3)));
    Affected affected;
    for (auto& events : model) {
      Range range{.type = "ECOSYSTEM"};
      const int count = number(6);
      for (int i = 0; i < count; ++i) {
        constexpr Kind kKinds[] = {Kind::introduced, Kind::introduced, Kind::fixed, Kind::last_affected,
                                   Kind::limit};
        const Kind kind = kKinds[number(5)];
        const int at = kind == Kind::introduced || kind == Kind::fixed ? number(20) : 1 + number(19);
        events.emplace_back(kind, at);
        range.events.push_back({kind, std::to_string(at)});
      }
      affected.ranges.push_back(std::move(range));
    }
    for (int version = 1; version <= 20; ++version) {
      const bool expected = brute_force(model, version);
      affected_count += expected ? 1 : 0;
      const Judgement got = evaluate(affected, std::to_string(version), kDeb);
      ASSERT_EQ(got.answer, expected ? Answer::affected : Answer::not_affected)
          << "round " << round << " at " << version;
      if (!got.fixed_in.empty()) {
        EXPECT_GT(std::stoi(got.fixed_in), version);
      }
    }
  }
  EXPECT_GT(affected_count, 10'000);  // the test looks at both answers
}

}  // namespace
}  // namespace peekr
