// SPDX-License-Identifier: Apache-2.0
#include "feed/oval_tests.h"

#include "base/text.h"

namespace peekr::oval {
namespace {

using Kind = Condition::Kind;
using Says = Statement::Says;

// "x86_64" of "Oracle Linux arch is x86_64", with the words around it; empty: the text has them not.
std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos || !text.ends_with(after)) return {};
  text.remove_prefix(at + before.size());
  if (text.size() < after.size()) return {};
  return std::string(trim(text.substr(0, text.size() - after.size())));
}

// "(aarch64|x86_64)" or "x86_64".
std::vector<std::string> arches_of(std::string_view pattern) {
  std::vector<std::string> all;
  if (pattern.starts_with('(') && pattern.ends_with(')')) pattern = pattern.substr(1, pattern.size() - 2);
  if (pattern.empty()) return all;
  for (const std::string_view one : split(pattern, '|')) all.emplace_back(one);
  return all;
}

// From OVAL's words for comparing the installed build with the one that is named.
std::optional<Says> says(std::string_view operation, std::string_view evr) {
  if (operation == "less than") return Says::fixed_in;
  if (operation == "less than or equal") return Says::up_to;
  if (operation == "equals") return Says::exactly;
  if (operation == "greater than" && evr == "0:0-0") return Says::not_fixed;
  return std::nullopt;
}

// Who signed a package nobody asks of an image; which flavour a build is of its release says.
bool is_beside(std::string_view comment) {
  return comment.find(" is signed with ") != std::string_view::npos ||
         comment.ends_with(" is fips patched") || comment.ends_with(" is ksplice-based");
}

}  // namespace

std::optional<std::uint64_t> number_of(std::string_view id) {
  return to_number(id.substr(id.rfind(':') + 1));  // npos + 1 is 0
}

Status Tests::add(const XmlPiece& piece) {
  const Xml xml = TRY(Xml::parse(piece.bytes));
  const XmlNode root = xml.root();
  const std::optional<std::uint64_t> id = number_of(root.attribute("id"));
  const std::string_view name = root.name();
  if (!id || (!name.ends_with("_test") && name != "rpminfo_object" && name != "rpminfo_state")) return {};
  if (name == "rpminfo_object") {
    objects_[*id] = root.child("name").text();
  } else if (name == "rpminfo_state") {
    const XmlNode evr = root.child("evr");
    states_[*id] = {.operation = std::string(evr.attribute("operation")),
                    .evr = evr.text(),
                    .version = root.child("version").text(),
                    .arch = root.child("arch").text(),
                    .signature = static_cast<bool>(root.child("signature_keyid"))};
  } else {
    tests_[*id] = {.object = number_of(root.child("object").attribute("object_ref")).value_or(0),
                   .state = number_of(root.child("state").attribute("state_ref")).value_or(0),
                   .of_package = name == "rpminfo_test"};
  }
  return {};
}

Result<Tests> Tests::read(std::string_view document) {
  Tests tests;
  XmlPieces pieces(document, 2);
  for (XmlPiece piece; TRY(pieces.next(piece));) {
    if (piece.section != "definitions" && piece.section != "generator") TRY(tests.add(piece));
  }
  return tests;
}

// `comment`: what the criterion says; it names what the test only looks for: a release package of that version.
Result<Condition> Tests::of_state(const State& state, std::string package, std::string_view comment) {
  if (state.signature || is_beside(comment)) return Condition{.kind = Kind::satisfied};
  if (!state.evr.empty()) {
    // "no kernel-livepatch-... is greater or equal": a running kernel's business.
    if (state.operation == "greater than or equal") return Condition{.kind = Kind::satisfied};
    const std::optional<Says> what = says(state.operation, state.evr);
    if (!what) return fail(Errc::unsupported, "compares by \"" + printable(state.operation) + "\"");
    Condition one{
        .kind = Kind::package,
        .statement = {.says = *what, .package = std::move(package), .arches = arches_of(state.arch)}};
    if (*what != Says::not_fixed) one.statement.evr = state.evr;
    return one;
  }
  if (state.version == "0") {
    return Condition{.kind = Kind::package,
                     .statement = {.says = Says::not_affected, .package = std::move(package)}};
  }
  if (!state.version.empty()) {
    std::string platform = between(comment, "", " is installed");
    if (platform.empty()) return fail(Errc::unsupported, "\"" + printable(comment) + "\" names no release");
    return Condition{.kind = Kind::platform, .text = std::move(platform)};
  }
  if (!state.arch.empty()) {
    std::string arch = between(comment, " arch is ", "");
    return Condition{.kind = Kind::system_arch, .text = arch.empty() ? state.arch : std::move(arch)};
  }
  return fail(Errc::unsupported, "its state says nothing");
}

Result<Condition> Tests::condition(std::string_view test_ref, std::string_view comment) const {
  const std::optional<std::uint64_t> number = number_of(test_ref);
  const auto test = tests_.find(number.value_or(0));
  if (!number || test == tests_.end()) return fail(Errc::not_found, "no such test");
  if (!test->second.of_package) {
    std::string module = between(comment, "Module ", " is enabled");
    if (module.empty()) return fail(Errc::unsupported, "\"" + printable(comment) + "\" is not understood");
    return Condition{.kind = Kind::module, .text = std::move(module)};
  }
  const auto object = objects_.find(test->second.object);
  const auto state = states_.find(test->second.state);
  if (object == objects_.end() || object->second.empty()) return fail(Errc::not_found, "no such object");
  if (state == states_.end()) return fail(Errc::not_found, "no such state");
  return of_state(state->second, object->second, comment);
}

}  // namespace peekr::oval
