// SPDX-License-Identifier: Apache-2.0
// Exceptions: the findings that a user has decided to live with, out of ignore files of peekr and of other scanners.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lib/regex.h"
#include "model/purl.h"
#include "model/report.h"

namespace peekr {

// A regular expression on names: as it stands, and for those that are the same in any case.
struct NamePattern {
  Regex as_is, in_any_case;
};

// One thing that a rule asks of a finding: that one of these values is it.
struct Demand {
  enum class What : std::uint8_t {
    id,       // a name of the vulnerability; with wildcards
    id_only,  // the id that is printed, or that of a record of GitHub's that it rests on, as Grype has it; not its other names
    package,  // name or source, in any spelling (comparable_name()); with wildcards, or a regular expression
    version,
    type,       // of the package URL
    path,       // with wildcards
    layer,      // digest or diff ID; "base": any of the base image's
    status,     // as status_of() has it
    purl,       // is_meant()
    name,       // a regular expression on the name
    upstream,   // a regular expression on the source
    ecosystem,  // OSV's, of one of the records: "npm", "Debian:12", "Debian"
    space,      // as model/anchore.h has it
    match,      // the same
  };
  What what{};
  std::vector<std::string> values;
  std::vector<NamedPackage> purls;           // of What::purl: the values, read
  std::shared_ptr<const NamePattern> regex;  // of name and upstream; of package where it is one: of the value
  bool literal = false;  // as others mean it: an id has no wildcards, a path is path_glob_matches(),
                         // a purl is the package's, not its source's
};

struct Exception {
  std::string where;  // ".trivyignore:3"
  std::string about;  // "CVE-2023-5363"
  std::vector<Demand> demands;
  std::string expires;  // a day or RFC 3339 time from which on it does not hold; empty: never
  std::string reason, owner;
};

// What a rule of ours may say, in YAML.
struct ExceptionKey {
  std::string_view name, about;
  std::optional<Demand::What> what;  // nothing: it is said of the rule
};
[[nodiscard]] std::span<const ExceptionKey> exception_keys();

struct Exceptions {
  std::vector<Exception> rules;
  std::vector<std::string> remarks;  // rules that are not used, and why
};

// A file by its content: peekr's own YAML (`exceptions:`), Trivy's YAML, Grype's (`ignore:`), osv-scanner.toml by its name;
// else Trivy's lines. Errors name the line. `file` is what messages call it.
[[nodiscard]] Result<Exceptions> read_exceptions(const std::string& file, std::string_view bytes);

// The index of the first rule that takes the finding out: of those that hold then, or of those that do not any more.
struct Taken {
  std::optional<std::size_t> by, expired;
};
[[nodiscard]] Taken exception_for(const Finding& finding, const Report& report,
                                  const std::vector<Exception>& rules, std::string_view now);
// "exception .trivyignore:3: not reachable (owner: team-a)"
[[nodiscard]] std::string words(const Exception& rule);

// The formats, for read_exceptions() (exceptions_yaml.cc, exceptions_osv.cc).
struct Yaml;
Status read_own_exceptions(const std::string& file, const Yaml& list, Exceptions& to);
Status read_trivy_exceptions(const std::string& file, const Yaml& list, Exceptions& to);
Status read_grype_exceptions(const std::string& file, const Yaml& list, Exceptions& to);
Status read_osv_exceptions(const std::string& file, std::string_view toml, Exceptions& to);
// Whether what it asks for is anything: "**", ".*", or nothing at all.
[[nodiscard]] bool asks_for_nothing(const Exception& rule);
// As those of other scanners are read.
void make_literal(Exception& rule);
// Of a regular expression. Nothing: it cannot be read.
[[nodiscard]] std::optional<Demand> pattern_demand(Demand::What what, std::string_view pattern);
// A purl demand. Errc::usage: one of them is none.
Result<Demand> purl_demand(const std::vector<std::string>& texts);
// A day has come when it begins, in UTC; empty: never.
[[nodiscard]] bool has_expired(std::string_view moment, std::string_view now);
// "2026-12-31" or an RFC 3339 time, as TOML writes it, too (without a zone: UTC); Errc::usage.
Result<std::string> moment_in(std::string_view text);

}  // namespace peekr
