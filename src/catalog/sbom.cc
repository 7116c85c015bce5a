// SPDX-License-Identifier: Apache-2.0
// SBOMs that lie in an image: what somebody says is in it, or was in something else. Packages of them are marked `claimed`,
// and count only where nothing better is known: see catalog/claimed.h. Formats: catalog/sbom.h.
#include "catalog/sbom.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <span>

#include "base/json_lines.h"
#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/json_file.h"
#include "catalog/packed.h"
#include "catalog/vcpkg.h"
#include "lib/attestation.h"
#include "model/limits.h"
#include "model/purl.h"
#include "model/release.h"

namespace peekr {
namespace {

using simdjson::dom::object;

SbomComponents read_object(object root, const std::string& field, FileNotes& notes) {
  if (json_text(root, "bomFormat") == "CycloneDX") return read_cyclonedx(root, notes);
  if (root.at_key("spdxVersion").error() == simdjson::SUCCESS) return read_spdx(root, notes);
  if (is_spdx3(root)) return read_spdx3(root, notes);
  if (root.at_key("artifacts").error() == simdjson::SUCCESS) return read_syft(root, notes);
  notes.add(Why::unsupported, field + "an SBOM of a format that is not read");
  return {};
}

// What a shell makes of a document, or who packs it.
std::string_view other_form(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return "in UTF-16, as PowerShell's > writes it: want UTF-8";
  return text.starts_with("\x1F\x8B") ? "packed with gzip: unpack it first" : "";
}

SbomComponents read_text(std::string_view text, const std::string& field, FileNotes& notes) {
  const std::string_view start = trim(text.substr(0, kSbomHead));
  if (const std::string_view form = other_form(text); !form.empty()) {
    notes.add(Why::unsupported, field + std::string(form));
    return {};
  }
  if (is_cyclonedx_xml(start)) return read_cyclonedx_xml(text, notes);
  if (start.starts_with('<')) {
    notes.add(Why::unsupported, field + "XML that is not CycloneDX is not read");
  } else if (start.find("SPDXVersion:") != std::string_view::npos) {
    return read_spdx_tags(text, notes);
  } else {
    notes.add(Why::damaged, field + "neither an object of JSON nor XML nor lines of SPDX");
  }
  return {};
}

SbomComponents read_document(std::string_view bytes, std::size_t most, FileNotes& notes) {
  SbomComponents all;
  const Status status = unwrap(bytes, most, [&](const Unwrapped& one) -> Status {
    const std::string field = one.field.empty() ? "" : std::string(one.field) + ": ";
    object root;
    const bool is_json = one.json != nullptr && one.json->get(root) == simdjson::SUCCESS;
    all = is_json ? read_object(root, field, notes) : read_text(one.text, field, notes);
    return {};
  });
  if (!status) notes.add(why_of(status.error()), status.error().message);
  return all;
}

// "amazon", "2 (Karoo)"
void add_system(const SbomComponent& one, Inventory& found) {
  const std::string_view word = cut(one.version, ' ').first;
  const std::string_view version = !word.empty() && is_digit(word.front()) ? word : "";
  if (found.distro) return;
  found.distro = {.id = std::string(os_release_id(lower(one.name))), .version_id = std::string(version)};
  if (found.distro->id == "openeuler" && !version.empty()) found.distro = open_euler(one.version);
}

// Of "1.4.1", and of "v1.4.1", as a module of Go calls its version.
std::optional<std::uint64_t> major_of(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  return to_number(cut(version, '.').first);
}

// Those that name the source of a system package wherever it has another name; of a Syft before 1.0 it depends on how old it is.
bool tells_sources(const SbomComponent& one) {
  return one.tool && (one.name == "peekr" || (one.name == "syft" && major_of(one.version) > 0));
}

// Tools that say sources leave out, or not, those of the package's own name and version: where none of a type is said by one of which
// that is not known, no name is known.
void settle_sources(const SbomComponents& all, std::span<Package> packages) {
  const bool known = std::ranges::any_of(all, tells_sources);
  std::set<std::string> said;  // types
  for (const Package& one : packages) {
    if (!one.source_version.empty()) said.insert(one.type);
  }
  for (Package& one : packages) {
    const bool own = !one.source.empty() && one.source_version.empty();
    if (own && (known || said.contains(one.type))) one.source_version = one.version;
  }
}

void add_all(const SbomComponents& all, const File& file, Inventory& found, FileNotes& notes) {
  const bool of_bitnami = is_of_bitnami(file.path);
  const std::size_t before = found.packages.size();
  for (const SbomComponent& one : all) {
    if (one.system) {
      add_system(one, found);
      continue;
    }
    const std::optional<Purl> purl = of_bitnami ? parse_purl(one.purl) : std::nullopt;
    const bool catalogued = purl && purl->type == "bitnami";
    if (!catalogued) add_component(one, file, found, notes);
  }
  settle_sources(all, std::span(found.packages).subspan(before));
}

// What a package.json calls private is in no registry, but anybody can say so of anything.
void leave_out_private(SbomComponents& all, FileNotes& notes) {
  const std::size_t count = std::erase_if(all, [](const SbomComponent& one) {
    const std::optional<Purl> purl = one.unpublished ? parse_purl(one.purl) : std::nullopt;
    return purl && purl->type == "npm" && one.cpes.empty();
  });
  if (count == 0) return;
  notes.add(Why::suspicious, "it calls " + std::to_string(count) + (count == 1 ? " package" : " packages") +
                                 " of npm private: left out");
}

// How many components there are; JSON of more than `most` bytes is a Note.
template <class Sift>
std::size_t read_documents(const File& file, Inventory& found, std::size_t most, const Sift& sift) {
  std::string_view rest = without_mark(file.bytes);
  FileNotes notes(file.path, found);
  std::ptrdiff_t count = 0;
  const auto read = [&](std::string_view bytes) {
    SbomComponents all = read_document(bytes, most, notes);
    count += std::ranges::count_if(all, [](const auto& one) { return !one.tool && !one.system; });
    leave_out_private(all, notes);
    sift(all, notes);
    add_all(all, file, found, notes);
  };
  if (!is_json_lines(rest)) {
    read(rest);
  } else {
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const std::string_view line = next_line(rest);
      notes.set_context("line " + std::to_string(number) + ": ");
      if (!trim(line).empty()) read(line);
    }
  }
  notes.finish();
  return static_cast<std::size_t>(count);
}

bool is_container(const Purl& purl) { return purl.type == "docker" || purl.type == "oci"; }
bool is_repository(const Purl& purl) { return purl.type == "bitbucket" || purl.type == "github"; }
// Melange's documents (Wolfi) name repositories of sources beside their package.
bool names_no_package(const Purl& purl) { return is_container(purl) || is_repository(purl); }

bool lacks_version(const SbomComponent& one) {
  if (one.tool || one.system || !one.version.empty()) return false;
  if (one.purl.empty()) return !one.name.empty();
  const std::optional<Purl> purl = parse_purl(one.purl);
  return purl && purl->version.empty() && !names_no_package(*purl);
}

// A version may be left out in all formats, and wheels as they are published do so (virtualenv, pillow): nothing that was to be looked
// at in the image is missed by that.
void leave_out_unversioned(SbomComponents& all, FileNotes& notes) {
  const std::size_t count = std::erase_if(all, lacks_version);
  if (count == 0) return;
  notes.add(Why::suspicious, "it speaks of " + std::to_string(count) +
                                 (count == 1 ? " package" : " packages") + " without a version: left out");
}

void leave_out_others(SbomComponents& all, FileNotes& notes) {
  leave_out_unversioned(all, notes);
  std::erase_if(all, [](const SbomComponent& one) {
    const std::optional<Purl> purl = parse_purl(one.purl);
    return purl && names_no_package(*purl);
  });
}

// "1.7.0", "v1.2": no branch, no commit, and no "v4" of an action.
bool is_release(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  return !version.empty() && is_digit(version.front()) && version.contains('.');
}

// Software may be named by its repository.
bool is_of_sources(const SbomComponent& one, const Purl& purl) {
  const std::string& version = purl.version.empty() ? one.version : purl.version;
  return is_repository(purl) && one.cpes.empty() && !is_release(version);
}

// What npm and Python call a project of one's own may be the name of another's package in the public registry. By what the project
// needs, it is a project; and whether it was published, no tool says.
void leave_out_projects(SbomComponents& all, FileNotes& notes) {
  std::erase_if(all, [&](const SbomComponent& one) {
    const std::optional<Purl> purl = one.subject ? parse_purl(one.purl) : std::nullopt;
    const bool is_project = purl && (purl->type == "npm" || purl->type == "pypi") && one.cpes.empty();
    if (is_project)
      notes.add(Why::suspicious, "it is about the project " + peekr::quoted(one.name) +
                                     ", which is not taken for the published package of that name");
    return is_project;
  });
}

// Of a document that is all that there is. What it is about itself, an image or a program that somebody has made, is no component of it.
void leave_out_beside(SbomComponents& all, FileNotes& notes) {
  const auto is_bare = [](const SbomComponent& one) {
    return one.subject && one.purl.empty() && one.cpes.empty();
  };
  const bool others = std::ranges::any_of(
      all, [&](const SbomComponent& one) { return !one.tool && !one.system && !one.subject; });
  if (others) std::erase_if(all, is_bare);
  if (others) leave_out_projects(all, notes);
  std::size_t containers = 0, sources = 0;
  std::erase_if(all, [&](const SbomComponent& one) {
    const std::optional<Purl> purl = parse_purl(one.purl);
    if (!purl || !names_no_package(*purl)) return false;
    containers += is_container(*purl) ? 1 : 0;
    sources += is_of_sources(one, *purl) ? 1 : 0;
    return is_container(*purl) || is_of_sources(one, *purl);
  });
  if (containers > 1)
    notes.add(Why::no_data, std::to_string(containers) + " components are containers: not looked into");
  if (sources > 0)
    notes.add(Why::suspicious,
              std::to_string(sources) +
                  (sources == 1 ? " component is a repository" : " components are repositories") +
                  " of sources, without a release: left out");
}

// An image says itself what it is.
void run(const File& file, Inventory& found) {
  if (is_of_vcpkg(file.path)) return;  // catalog/vcpkg.cc reads it
  read_documents(file, found, kMostJson, leave_out_others);
  found.distro.reset();
}

constexpr std::array<Pattern, 19> kWants = {"**/*.cdx",
                                            "**/*.cdx.json",
                                            "**/*.spdx",
                                            "**/*.spdx.json",
                                            "**/*.cdx.xml",
                                            "**/*.bom.xml",
                                            "**/*.sbom.xml",
                                            "**/bom.xml",
                                            "**/sbom.xml",
                                            "**/*.spdx3.json",
                                            "**/*.syft.json",
                                            "**/*.bom.json",
                                            "**/*.sbom",
                                            "**/*.sbom.json",
                                            "**/bom.json",
                                            "**/sbom.json",
                                            "**/.spdx*.json",
                                            "**/*.cyclonedx.json",
                                            "**/*.dist-info/sboms/*.json"};

}  // namespace

std::size_t read_sbom(const File& file, Inventory& found) {
  // What it does not say is a gap. Of its size has judged who has read it.
  return read_documents(file, found, file.bytes.size(), leave_out_beside);
}

void add_component(const SbomComponent& component, const File& file, Inventory& found, FileNotes& notes) {
  if (component.tool) return;
  std::optional<Purl> purl = parse_purl(component.purl);
  if (!purl && !component.purl.empty())
    notes.add(Why::damaged, "not a package URL: " + peekr::quoted(component.purl));
  const bool upstream = purl && !component.upstream.empty() && purl->qualifier("upstream").empty();
  if (upstream) purl->qualifiers["upstream"] = component.upstream;
  Package package = purl ? package_of(*purl) : Package{.type = "generic", .name = component.name};
  if (package.version.empty()) package.version = component.version;
  if (purl) package.purl = with_scheme(component.purl);  // for settle_claimed()
  // Whoever reads it again shall know it.
  const bool other = package.source != package.name || package.source_version != package.version;
  if (upstream && other && !package.source.empty())
    package.purl = with_qualifier(package.purl, "upstream", component.upstream);
  if (package.type == "rpm" && package.modularity.empty() && !component.modularity.empty()) {
    package.modularity = component.modularity;
    package.purl = with_qualifier(package.purl, "rpmmod", component.modularity);
  }
  if (package.type == "rpm" && !component.vendor.empty()) package.vendor = component.vendor;
  package.licenses = component.licenses;
  package.cpes = component.cpes;
  package.path = file.path;
  package.claimed = true;
  for (const std::string& one : component.files) package.files.push_back(Path(one).str());
  add_named(std::move(package), found, notes);
}

namespace catalogers {
extern const Cataloger sbom;
constexpr Cataloger sbom = {.name = "sbom",
                            .about = "SBOMs in the image (CycloneDX, SPDX, Syft): what they claim",
                            .version = 16,
                            .wants = kWants,
                            .run = run};
}  // namespace catalogers

}  // namespace peekr
