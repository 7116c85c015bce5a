// SPDX-License-Identifier: Apache-2.0
// SPDX 3.0.1 in JSON-LD (spdx.github.io/spdx-spec/v3.0.1): the packages and layers of report/spdx.h as elements of one flat
// graph, which name each other. What are fields in SPDX 2 are elements here: suppliers, licences and what joins them to a package. Of a
// scan each vulnerability is one (profile "security"), and so is each word on it: its VEX status, and what CVSS, EPSS and KEV say.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/date.h"
#include "base/text.h"
#include "report/columns.h"
#include "report/identity.h"
#include "report/json_writer.h"
#include "report/rulings.h"
#include "report/spdx.h"

namespace peekr {
namespace {

constexpr std::string_view kCreation = "_:creation", kAgent = "SPDXRef-Agent", kTool = "SPDXRef-Tool",
                           kSbom = "SPDXRef-Sbom";
constexpr std::string_view kCatalog = "https://www.cisa.gov/known-exploited-vulnerabilities-catalog";

// SPDX 2 shouts: "OPERATING_SYSTEM".
std::string_view purpose_of(const SpdxPackage& package) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"APPLICATION", "application"},
      {"CONTAINER", "container"},
      {"FILE", "file"},
      {"LIBRARY", "library"},
      {"OPERATING_SYSTEM", "operatingSystem"}};
  const auto* found = std::ranges::find(kWords, package.purpose, [](const auto& one) { return one.first; });
  return found == std::end(kWords) ? "other" : found->second;
}

// "vulnerable_code_not_present" of OpenVEX: "vulnerableCodeNotPresent".
std::string camel_case(std::string_view words) {
  std::string out;
  bool first = false;
  for (const char c : words) {
    if (c != '_') out += first && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    first = c == '_';
  }
  return out;
}

// As CVSS 3 and 4 have it.
std::string_view severity_of(double score) {
  if (score <= 0) return "none";
  if (score < 4) return "low";
  if (score < 7) return "medium";
  return score < 9 ? "high" : "critical";
}

// Elements that others name by what they say: a supplier, a licence. Each has the number under which it came first.
class Shared {
 public:
  explicit Shared(std::string_view kind) : kind_(kind) {}
  std::string id(const std::string& text) {
    const auto [at, is_new] = numbers_.try_emplace(text, numbers_.size());
    if (is_new) texts_.push_back(text);
    return "SPDXRef-" + std::string(kind_) + "-" + std::to_string(at->second);
  }
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::string_view kind_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> texts_;
};

class Graph {
 public:
  Graph(const Report& report, Extent extent, std::string& out)
      : report_(report),
        extent_(extent),
        document_(spdx_document(report, extent)),
        uri_("urn:uuid:" + uuid_of(report, extent == Extent::findings ? "spdx3 scan" : "spdx3 inventory")),
        json_(out) {
    // Findings are elements of their own here.
    for (SpdxPackage& one : document_.packages)
      std::erase_if(one.references, [](const SpdxReference& of) { return of.type == "advisory"; });
  }

  void write() {
    json_.document([&] {
      json_.text("@context", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld");
      json_.items("@graph", [&] {
        write_heads();
        for (const SpdxPackage& one : document_.packages) write_package(one);
        write_contents();
        write_licenses();
        if (extent_ == Extent::findings) write_findings();
        write_organizations();
      });
    });
  }

 private:
  [[nodiscard]] std::string iri(std::string_view id) const { return uri_ + "#" + std::string(id); }

  template <class Fields>
  void element(std::string_view type, std::string_view id, const Fields& fields) {
    json_.item([&] {
      json_.text("type", type);
      json_.text("spdxId", iri(id));
      json_.text("creationInfo", kCreation);
      fields();
    });
  }

  struct Relation {
    std::string_view type, kind;
    std::string from;
    std::vector<std::string> to;  // ids
  };
  template <class Fields>
  void relate(const Relation& one, const Fields& fields) {
    element(one.type, "SPDXRef-Relationship-" + std::to_string(relations_++), [&] {
      json_.text("from", iri(one.from));
      json_.text("relationshipType", one.kind);
      std::vector<std::string> to;
      for (const std::string& id : one.to) to.push_back(iri(id));
      json_.strings("to", to);
      fields();
    });
  }

  void write_heads() {
    json_.item([&] {
      json_.text("type", "CreationInfo");
      json_.text("@id", kCreation);
      json_.text("specVersion", "3.0.1");
      json_.text("created", document_.created);
      json_.strings("createdBy", {iri(kAgent)});
      json_.strings("createdUsing", {iri(kTool)});
    });
    element("SoftwareAgent", kAgent, [&] { json_.text("name", "peekr"); });
    element("Tool", kTool, [&] { json_.text("name", "peekr " + report_.version); });
    element("SpdxDocument", kSpdxDocument, [&] {
      json_.text("name", document_.name);
      json_.given("comment", document_.comment);
      std::vector<std::string_view> profiles = {"core", "software", "simpleLicensing"};
      if (extent_ == Extent::findings) profiles.emplace_back("security");
      json_.strings("profileConformance", profiles);
      json_.strings("rootElement", {iri(kSbom)});
    });
    element("software_Sbom", kSbom, [&] {
      json_.strings("software_sbomType", {"analyzed"});
      json_.strings("rootElement", {iri(document_.packages.front().id)});
    });
  }

  void write_identifiers(const SpdxPackage& one) {
    const auto write = [&](const SpdxReference& of) {
      json_.text("type", "ExternalIdentifier");
      json_.text("externalIdentifierType", of.type == "purl"        ? "packageUrl"
                                           : of.type == "cpe22Type" ? "cpe22"
                                                                    : "cpe23");
      json_.text("identifier", of.locator);
    };
    if (!one.references.empty()) json_.list("externalIdentifier", one.references, write);
    for (const SpdxReference& of : one.references) {
      if (of.type == "purl") return json_.text("software_packageUrl", of.locator);
    }
  }

  void write_package(const SpdxPackage& one) {
    element("software_Package", one.id, [&] {
      json_.text("name", one.name);
      json_.given("software_packageVersion", one.version);
      json_.text("software_primaryPurpose", purpose_of(one));
      if (!one.supplier.empty())
        json_.text("suppliedBy", iri(organizations_.id(std::string(trim(cut(one.supplier, ':').second)))));
      if (!one.hash.empty()) {
        json_.only("verifiedUsing", [&] {
          json_.text("type", "Hash");
          json_.text("algorithm", lower(one.algorithm));
          json_.text("hashValue", one.hash);
        });
      }
      write_identifiers(one);
      const bool both = !one.comment.empty() && !one.license_comment.empty();
      json_.given("comment", one.comment + (both ? "; " : "") + one.license_comment);
    });
  }

  void write_contents() {
    std::map<std::string, std::vector<std::string>> parts;
    for (const SpdxRelationship& one : document_.relationships) {
      if (one.type == "CONTAINS") parts[one.from].push_back(one.to);
    }
    for (const auto& [whole, of] : parts) relate({"Relationship", "contains", whole, of}, [] {});
  }

  void write_licenses() {
    Shared licenses("License");
    for (const SpdxPackage& one : document_.packages) {
      if (one.license == kNoAssertion) continue;  // that is no expression
      relate({"Relationship", "hasDeclaredLicense", one.id, {licenses.id(one.license)}}, [] {});
    }
    for (const std::string& text : licenses.texts()) {
      element("simplelicensing_LicenseExpression", licenses.id(text),
              [&] { json_.text("simplelicensing_licenseExpression", text); });
    }
  }

  void write_organizations() {
    for (const std::string& name : organizations_.texts())
      element("Organization", organizations_.id(name), [&] { json_.text("name", name); });
  }

  void write_findings() {
    Shared vulnerabilities("Vulnerability");
    std::set<std::string> written;
    const std::vector<Ruling> all = rulings_of(report_.findings);
    for (const Ruling& one : all) {
      const std::string id = vulnerabilities.id(one.finding->id);
      if (written.insert(id).second) write_vulnerability(id, *one.finding);
      std::vector<std::string> packages;
      for (const std::size_t index : one.packages)
        packages.push_back(document_.packages[document_.first + index].id);
      write_status(one, id, packages);
      write_scores(*one.finding, id, packages);
      write_risks(*one.finding, id, packages);
    }
  }

  void write_name(const std::string& id) {
    json_.text("type", "ExternalIdentifier");
    json_.text("externalIdentifierType", id.starts_with("CVE-") ? "cve" : "securityOther");
    json_.text("identifier", one_line(id));
    json_.strings("identifierLocator", {page_of(id)});
  }

  void write_references(const Finding& finding) {
    struct Reference {
      std::string_view type;
      std::string locator;
    };
    std::vector<Reference> all;
    for (const std::string& one : finding.references) all.push_back({"securityAdvisory", address(one)});
    for (const std::string& one : finding.exploits) all.push_back({"securityOther", address(one)});
    for (const std::string& one : finding.weaknesses) all.push_back({"cwe", one_line(one)});
    if (all.empty()) return;
    json_.list("externalRef", all, [&](const Reference& one) {
      json_.text("type", "ExternalRef");
      json_.text("externalRefType", one.type);
      json_.strings("locator", {one.locator});
    });
  }

  void write_vulnerability(const std::string& id, const Finding& finding) {
    element("security_Vulnerability", id, [&] {
      json_.text("name", one_line(finding.id));
      json_.given("description", finding.summary);
      std::vector<std::string> names = {finding.id};
      names.insert(names.end(), finding.names.begin(), finding.names.end());
      json_.list("externalIdentifier", names, [&](const std::string& name) { write_name(name); });
      write_references(finding);
      const std::string time = finding.published.substr(0, 19) + "Z";  // no fractions here
      if (seconds_between(time, time)) json_.text("security_publishedTime", time);
    });
  }

  void write_status(const Ruling& one, const std::string& id, const std::vector<std::string>& packages) {
    const Finding& finding = *one.finding;
    const std::string reason = one.suppressed == nullptr ? "" : one_line(one.suppressed->reason);
    const std::string advice = advice_on(finding, one.packages, report_.inventory);
    if (is_fixed(one)) {
      relate({"security_VexFixedVulnAssessmentRelationship", "fixedIn", id, packages},
             [&] { json_.text("security_statusNotes", reason); });
    } else if (!is_affected(one)) {
      const Grounds why = grounds_of(*one.suppressed);
      relate({"security_VexNotAffectedVulnAssessmentRelationship", "doesNotAffect", id, packages}, [&] {
        json_.given("security_justificationType", camel_case(why.label));
        json_.text("security_impactStatement", why.words.empty() ? reason : why.words);
      });
    } else if (finding.standing == Standing::under_investigation && finding.fixed_in.empty()) {
      relate(
          {"security_VexUnderInvestigationVulnAssessmentRelationship", "underInvestigationFor", id, packages},
          [&] { json_.text("security_statusNotes", advice); });
    } else {
      relate({"security_VexAffectedVulnAssessmentRelationship", "affects", id, packages}, [&] {
        json_.text("security_actionStatement", advice);
        if (!reason.empty()) json_.text("security_statusNotes", "not in the report: " + reason);
      });
    }
  }

  // Of each vector once: who else repeats it says nothing new.
  void write_scores(const Finding& finding, const std::string& id, const std::vector<std::string>& packages) {
    std::set<std::string> seen;
    for (const Grade& grade : finding.grades) {
      if (grade.vector.empty() || !grade.score || !seen.insert(grade.vector).second) continue;
      const bool second = !grade.vector.starts_with("CVSS:");
      const std::string_view type = second ? "security_CvssV2VulnAssessmentRelationship"
                                    : grade.vector.starts_with("CVSS:4")
                                        ? "security_CvssV4VulnAssessmentRelationship"
                                        : "security_CvssV3VulnAssessmentRelationship";
      relate({type, "hasAssessmentFor", id, packages}, [&] {
        if (!grade.source.empty()) json_.text("suppliedBy", iri(organizations_.id(one_line(grade.source))));
        json_.decimal("security_score", *grade.score);
        if (!second) json_.text("security_severity", severity_of(*grade.score));
        json_.text("security_vectorString", grade.vector);
      });
    }
  }

  void write_risks(const Finding& finding, const std::string& id, const std::vector<std::string>& packages) {
    if (const Risk* epss = epss_of(finding.risks)) {
      relate({"security_EpssVulnAssessmentRelationship", "hasAssessmentFor", id, packages}, [&] {
        json_.fraction("security_probability", epss->epss->score);
        json_.fraction("security_percentile", epss->epss->percentile);
      });
    }
    if (kev_of(finding.risks) == nullptr) return;
    relate({"security_ExploitCatalogVulnAssessmentRelationship", "hasAssessmentFor", id, packages}, [&] {
      json_.text("security_catalogType", "kev");
      json_.flag("security_exploited", true);
      json_.text("security_locator", kCatalog);
    });
  }

  const Report& report_;
  Extent extent_;
  SpdxDocument document_;
  std::string uri_;
  JsonWriter json_;
  Shared organizations_{"Organization"};
  std::size_t relations_ = 0;
};

}  // namespace

void write_spdx3(const Report& report, Extent extent, std::string& out) {
  Graph(report, extent, out).write();
}

}  // namespace peekr
