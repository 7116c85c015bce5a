// SPDX-License-Identifier: Apache-2.0
// What is too large for a fixture: tests/fixtures/catalog/sbom has the others.
#include "catalog/sbom.h"

#include <gtest/gtest.h>

#include "catalog/cataloger.h"

namespace peekr {
namespace catalogers {
extern const Cataloger sbom;
}  // namespace catalogers

namespace {

Inventory read(const Path& path, std::string_view bytes) {
  Inventory found;
  catalogers::sbom.run({.path = path, .bytes = bytes}, found);
  return found;
}

TEST(Sbom, a_licence_that_many_packages_name_is_not_copied_without_end) {
  constexpr std::size_t kPackages = 100, kText = 1 << 20;
  std::string text = R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
    {"type": "simplelicensing_LicenseExpression", "spdxId": "l", "simplelicensing_licenseExpression": ")" +
                     std::string(kText, 'x') + "\"}";
  for (std::size_t i = 0; i < kPackages; ++i) {
    const std::string id = "p" + std::to_string(i);
    text += R"(, {"type": "software_Package", "spdxId": ")" + id +
            R"(", "name": "a", "software_packageVersion": ")" + std::to_string(i) +
            R"("}, {"type": "Relationship", "from": ")" + id +
            R"(", "relationshipType": "hasDeclaredLicense", "to": ["l"]})";
  }
  const Inventory found = read(Path("a.spdx3.json"), text + "]}");
  EXPECT_EQ(found.packages.size(), kPackages);
  std::size_t bytes = 0;
  for (const Package& one : found.packages) {
    for (const std::string& license : one.licenses) bytes += license.size();
  }
  EXPECT_LE(bytes, std::size_t{64} << 20);
  EXPECT_GT(bytes, std::size_t{32} << 20);
  ASSERT_FALSE(found.notes.empty());
  EXPECT_EQ(found.notes.front().what, "licences of more than 67108864 bytes");
  EXPECT_EQ(found.notes.front().why, Why::too_big);
}

// Each of them would be looked for to the end of the file.
TEST(Sbom, a_text_without_its_end_is_looked_for_once) {
  constexpr std::size_t kLines = 200'000;
  std::string text = "SPDXVersion: SPDX-2.3\n";
  for (std::size_t i = 0; i < kLines; ++i) text += "PackageComment: <text>\n";
  const Inventory found = read(Path("a.spdx"), text);
  ASSERT_EQ(found.notes.size(), 2U);  // the other one: no packages
  EXPECT_EQ(found.notes.front().what, "not \"Tag: value\": line 2 and 199999 more");
}

// "type name version purl cpes", then the notes.
std::string seen(std::string_view file, std::string_view bytes) {
  const Path path{file};
  const Inventory found = read(path, bytes);
  std::string all;
  for (const Package& one : found.packages) {
    all += one.type + " " + one.name + " " + one.version;
    for (const std::string& cpe : one.cpes) all += " " + cpe;
    for (const std::string& license : one.licenses) all += " (" + license + ")";
    all += "\n";
  }
  for (const Note& one : found.notes) all += "! " + one.what + "\n";
  return all;
}

TEST(Sbom, what_spdx_names_by_an_iri_is_known) {
  const std::string cpe = "cpe:2.3:a:openssl:openssl:3.0.1:*:*:*:*:*:*:*";
  EXPECT_EQ(
      seen(
          "a.spdx.json",
          R"({"spdxVersion": "SPDX-2.3", "packages": [{"name": "openssl", "versionInfo": "3.0.1", "externalRefs": [
      {"referenceType": "http://spdx.org/rdf/references/cpe23Type", "referenceLocator": ")" +
              cpe + R"("}]},
      {"name": "x", "externalRefs": [{"referenceType": "http://spdx.org/rdf/references/purl", "referenceLocator": "pkg:npm/a@1"}]}]})"),
      "generic openssl 3.0.1 " + cpe + "\nnpm a 1\n");
  EXPECT_EQ(seen("a.spdx",
                 "SPDXVersion: SPDX-2.3\nPackageName: a\nPackageVersion: <text>2</text>\n"
                 "ExternalRef: PACKAGE-MANAGER\thttp://spdx.org/rdf/references/purl\tpkg:npm/b@2\n"),
            "npm b 2\n");
}

// "type name version purl" and notes, as the only document that there is; in front how many components it has.
std::string scanned(std::string_view file, std::string_view bytes) {
  const Path path{file};
  Inventory found;
  std::string all = std::to_string(read_sbom({.path = path, .bytes = bytes}, found)) + "\n";
  for (const Package& one : found.packages)
    all += one.type + " " + one.name + " " + one.version + " " + one.purl + "\n";
  for (const Note& one : found.notes) all += "! " + one.what + "\n";
  return all;
}

TEST(Sbom, the_purpose_of_spdx_decides_only_without_a_package_url) {
  for (const std::string purpose : {"FILE", "CONTAINER", "DEVICE"}) {
    EXPECT_EQ(seen("a.spdx.json", R"({"spdxVersion": "SPDX-2.3", "packages": [
      {"name": "a", "versionInfo": "1", "primaryPackagePurpose": ")" +
                                      purpose + R"("},
      {"name": "b", "versionInfo": "1", "primaryPackagePurpose": ")" +
                                      purpose + R"(", "externalRefs": [
        {"referenceType": "purl", "referenceLocator": "pkg:npm/b@1"}]}]})"),
              "npm b 1\n");
    EXPECT_EQ(
        seen("a.spdx", "SPDXVersion: SPDX-2.3\nPackageName: a\nPackageVersion: 1\nPrimaryPackagePurpose: " +
                           purpose + "\nPackageName: b\nExternalRef: PACKAGE-MANAGER purl pkg:npm/b@1\n" +
                           "PrimaryPackagePurpose: " + purpose + "\n"),
        "npm b 1\n");
  }
  for (const std::string purpose : {"file", "container", "device", "diskImage"}) {
    EXPECT_EQ(
        seen("a.spdx3.json", R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
      {"type": "software_Package", "spdxId": "a", "name": "a", "software_packageVersion": "1", "software_primaryPurpose": ")" +
                                 purpose + R"("},
      {"type": "software_Package", "spdxId": "b", "name": "b", "software_packageUrl": "pkg:npm/b@1", "software_primaryPurpose": ")" +
                                 purpose + R"("}]})"),
        "npm b 1\n");
  }
}

std::string with_purls(const std::vector<std::string>& purls) {
  std::string all;
  for (const std::string& one : purls)
    all += (all.empty() ? "" : ", ") + (R"({"referenceType": "purl", "referenceLocator": ")" + one + R"("})");
  return R"({"spdxVersion": "SPDX-2.3", "packages": [{"name": "x", "versionInfo": "1", "externalRefs": [)" +
         all + "]}]}";
}

TEST(Sbom, of_several_package_urls_of_spdx_each_counts_that_names_an_ecosystem) {
  const auto of = [](const std::vector<std::string>& purls) {
    return seen("a.spdx.json", with_purls(purls));
  };
  EXPECT_EQ(of({"pkg:generic/lodash@4.17.4", "pkg:npm/lodash@4.17.4"}), "npm lodash 4.17.4\n");
  EXPECT_EQ(of({"pkg:npm/%40a/b@1", "pkg:npm/@a/b@1", "pkg:deb/debian/node-b@1?arch=all"}),
            "npm @a/b 1\ndeb node-b 1\n");
  EXPECT_EQ(of({"pkg:generic/a@1", "pkg:generic/b@2"}), "generic a 1\n");
  EXPECT_EQ(of({"nothing", "pkg:npm/b@1"}), "npm b 1\n! not a package URL: nothing\n");
  EXPECT_EQ(seen("a.spdx",
                 "SPDXVersion: SPDX-2.3\nPackageName: x\nExternalRef: PACKAGE-MANAGER purl pkg:generic/b@1\n"
                 "ExternalRef: PACKAGE-MANAGER purl pkg:npm/b@1\n"),
            "npm b 1\n");
  EXPECT_EQ(seen("a.spdx3.json", R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
      {"type": "software_Package", "spdxId": "a", "name": "a", "software_packageUrl": "pkg:generic/b@1", "externalIdentifier": [
        {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:npm/b@1"}]}]})"),
            "npm b 1\n");
}

TEST(Sbom, what_spdx_does_not_assert_is_no_version) {
  for (const std::string none : {"NOASSERTION", "NONE"}) {
    const std::string want = "1\n! a: no version\n";
    EXPECT_EQ(
        scanned("a.spdx.json", R"({"spdxVersion": "SPDX-2.3", "packages": [{"name": "a", "versionInfo": ")" +
                                   none + R"("}]})"),
        want);
    EXPECT_EQ(scanned("a.spdx", "SPDXVersion: SPDX-2.3\nPackageName: a\nPackageVersion: " + none + "\n"),
              want);
    EXPECT_EQ(
        scanned("a.spdx3.json", R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
      {"type": "software_Package", "spdxId": "a", "name": "a", "software_packageVersion": ")" +
                                    none + R"("}]})"),
        want);
  }
}

// A document that is scanned, by its components; its package URLs of repositories and containers.
TEST(Sbom, software_may_be_named_by_its_repository_and_what_is_left_out_is_counted) {
  const auto of = [](const std::string& components) {
    return scanned("a.cdx.json", R"({"bomFormat": "CycloneDX", "components": [)" + components + "]}");
  };
  const std::string
      fluent = R"({"name": "fluent-bit", "purl": "pkg:github/fluent/fluent-bit@1.7.0"})",
      commit = R"({"name": "glibc", "purl": "pkg:github/bminor/glibc@3ac7a5b"})",
      branch = R"({"name": "b", "purl": "pkg:bitbucket/a/b@main"})",
      named = R"({"name": "c", "cpe": "cpe:2.3:a:c:c:1:*:*:*:*:*:*:*", "purl": "pkg:github/a/c@main"})",
      image = R"({"name": "i", "purl": "pkg:oci/i@sha256:00"})";
  EXPECT_EQ(of(fluent), "1\ngithub fluent/fluent-bit 1.7.0 pkg:github/fluent/fluent-bit@1.7.0\n");
  EXPECT_EQ(of(named), "1\ngithub a/c main pkg:github/a/c@main\n");
  EXPECT_EQ(of(commit), "1\n! 1 component is a repository of sources, without a release: left out\n");
  EXPECT_EQ(of(commit + "," + branch),
            "2\n! 2 components are repositories of sources, without a release: left out\n");
  EXPECT_EQ(of(image), "1\n");
  EXPECT_EQ(of(image + "," + image), "2\n! 2 components are containers: not looked into\n");
  EXPECT_EQ(seen("a.cdx.json", R"({"bomFormat": "CycloneDX", "components": [)" + fluent + "]}"), "");
}

TEST(Sbom, what_a_scanned_document_is_about_is_no_component_of_it) {
  const auto of = [](const std::string& subject, const std::string& components) {
    return scanned("a.cdx.json", R"({"bomFormat": "CycloneDX", "metadata": {"component": )" + subject +
                                     R"(}, "components": [)" + components + "]}");
  };
  const std::string
      app = R"({"type": "application", "name": "shop", "version": "1"})",
      url = R"({"type": "application", "name": "shop", "version": "1", "purl": "pkg:npm/shop@1"})",
      a = R"({"name": "a", "purl": "pkg:npm/a@1"})";
  EXPECT_EQ(of(app, a), "2\nnpm a 1 pkg:npm/a@1\n");
  EXPECT_EQ(of(url, a),
            "2\nnpm a 1 pkg:npm/a@1\n! it is about the project shop, which is not taken for the published "
            "package of that name\n");
  EXPECT_EQ(of(url, ""), "1\nnpm shop 1 pkg:npm/shop@1\n");
  const std::string jar = R"({"name": "shop", "version": "1", "purl": "pkg:maven/a/shop@1"})";
  EXPECT_EQ(of(jar, a), "2\nmaven a:shop 1 pkg:maven/a/shop@1\nnpm a 1 pkg:npm/a@1\n");
  EXPECT_EQ(of(app, ""), "1\ngeneric shop 1 \n");
}

TEST(Sbom, a_scanned_document_may_be_larger_than_one_in_an_image) {
  const std::string large = R"({"artifacts": [{"name": "a", "purl": "pkg:npm/a@1"}])" +
                            std::string(std::size_t{64} << 20, ' ') + "}";
  EXPECT_EQ(scanned("a.syft.json", large), "1\nnpm a 1 pkg:npm/a@1\n");
  EXPECT_EQ(seen("a.syft.json", large), "! JSON of more than 67108864 bytes\n");
}

TEST(Sbom, what_it_is_in_is_said_where_that_is_not_read) {
  EXPECT_EQ(scanned("a", std::string("\xFF\xFE{\0", 4)),
            "0\n! in UTF-16, as PowerShell's > writes it: want UTF-8\n");
  EXPECT_EQ(scanned("a", "\x1F\x8B\x08"), "0\n! packed with gzip: unpack it first\n");
  EXPECT_EQ(
      scanned("a",
              R"({"SPDX": {"spdxVersion": "SPDX-2.3", "packages": [{"name": "a", "versionInfo": "1"}]}})"),
      "1\ngeneric a 1 \n")
      << "as docker buildx imagetools inspect --format '{{json .SBOM}}' has it";
}

TEST(Sbom, what_is_private_is_no_package_of_the_registry) {
  const auto of = [](const std::string& value) {
    return R"({"bomFormat": "CycloneDX", "metadata": {"component": {"name": "shop", "version": "1",
      "purl": "pkg:npm/shop@1", "properties": [{"name": "cdx:npm:package:private", "value": ")" +
           value + R"("}]}}})";
  };
  const std::string note = "! it calls 1 package of npm private: left out\n";
  EXPECT_EQ(scanned("a.cdx.json", of("true")), "1\n" + note);
  EXPECT_EQ(seen("a.cdx.json", of("true")), note);
  EXPECT_EQ(scanned("a.cdx.json", of("false")), "1\nnpm shop 1 pkg:npm/shop@1\n");
  // What else anybody calls so.
  const auto other = [](const std::string& what) {
    return seen("a.cdx.json",
                R"({"bomFormat": "CycloneDX", "components": [{"name": "shop", "version": "1", )" + what +
                    R"(, "properties": [{"name": "cdx:npm:package:private", "value": "true"}]}]})");
  };
  const std::string cpe = "cpe:2.3:a:shop:shop:1:*:*:*:*:*:*:*";
  EXPECT_EQ(other(R"("purl": "pkg:deb/debian/shop@1")"), "deb shop 1\n");
  EXPECT_EQ(other(R"("purl": "pkg:npm/shop@1", "cpe": ")" + cpe + "\""), "npm shop 1 " + cpe + "\n");
}

// By the one way in which each form of SPDX says it, and the other one.
TEST(Sbom, what_a_scanned_document_of_spdx_is_about_is_no_component_of_it) {
  const std::string root = R"({"SPDXID": "SPDXRef-r", "name": "shop", "versionInfo": "1"})",
                    a = R"({"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1"})";
  const auto of = [](const std::string& says, const std::string& packages) {
    return scanned("a.spdx.json",
                   R"({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": [)" + packages +
                       "], " + says + "}");
  };
  const std::string
      list = R"("documentDescribes": ["SPDXRef-r"])",
      relation = R"("relationships": [5, {}, {"spdxElementId": "SPDXRef-DOCUMENT", )"
                 R"("relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-r"}])",
      back = R"("relationships": [{"spdxElementId": "SPDXRef-r", "relationshipType": "DESCRIBED_BY", )"
             R"("relatedSpdxElement": "SPDXRef-DOCUMENT"}])",
      both = R"("documentDescribes": ["SPDXRef-r", "SPDXRef-a"])",
      other = R"("relationships": [{"spdxElementId": "SPDXRef-a", "relationshipType": "DESCRIBES", )"
              R"("relatedSpdxElement": "SPDXRef-r"}])";
  for (const std::string& says : {list, relation, back}) {
    EXPECT_EQ(of(says, root + "," + a), "2\ngeneric a 1 \n") << says;
    EXPECT_EQ(of(says, root), "1\ngeneric shop 1 \n") << says;
  }
  for (const std::string& says : {both, other})
    EXPECT_EQ(of(says, root + "," + a), "2\ngeneric shop 1 \ngeneric a 1 \n") << says;

  const auto tags = [](const std::string& relation) {
    return scanned("a.spdx",
                   "SPDXVersion: SPDX-2.3\nPackageName: shop\nSPDXID: SPDXRef-r\nPackageVersion: 1\n"
                   "PackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1\nRelationship: " +
                       relation + "\n");
  };
  EXPECT_EQ(tags("SPDXRef-DOCUMENT DESCRIBES SPDXRef-r"), "2\ngeneric a 1 \n");
  EXPECT_EQ(tags("SPDXRef-r DESCRIBED_BY SPDXRef-DOCUMENT"), "2\ngeneric a 1 \n");
  EXPECT_EQ(tags("SPDXRef-r DEPENDS_ON SPDXRef-a"), "2\ngeneric shop 1 \ngeneric a 1 \n");

  const auto graph = [](const std::string& root_element) {
    return scanned("a.spdx3.json",
                   R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
      {"type": "SpdxDocument", "spdxId": "d", "rootElement": ["l"]},
      {"type": "software_Sbom", "spdxId": "l", "rootElement": [)" +
                       root_element + R"(]},
      {"type": "software_Package", "spdxId": "r", "name": "shop", "software_packageVersion": "1"},
      {"type": "software_Package", "spdxId": "a", "name": "a", "software_packageVersion": "1"}]})");
  };
  EXPECT_EQ(graph(R"("r")"), "2\ngeneric a 1 \n");
  EXPECT_EQ(graph(R"("r", "a")"), "2\ngeneric shop 1 \ngeneric a 1 \n");
}

TEST(Sbom, a_licence_of_spdx_tags_that_is_concluded_counts_where_none_is_declared) {
  EXPECT_EQ(
      seen("a.spdx",
           "SPDXVersion: SPDX-2.3\nPackageName: a\nPackageVersion: 1\nPackageLicenseConcluded: MIT\n"
           "PackageLicenseDeclared: NOASSERTION\nPackageName: b\nPackageVersion: 2\n"
           "PackageLicenseConcluded: ISC\nPackageLicenseDeclared: Zlib\nPackageName: c\nPackageVersion: 3\n"),
      "generic a 1 (MIT)\ngeneric b 2 (Zlib)\ngeneric c 3\n");
}

TEST(Sbom, a_mark_before_lines_of_documents_is_none_of_them) {
  const std::string line = R"({"bomFormat": "CycloneDX", "components": [{"name": "a", "purl": "PKG:npm/a@)";
  EXPECT_EQ(seen("a.cdx.json", "\xEF\xBB\xBF" + line + "1\"}]}\n" + line + "2\"}]}\n"), "npm a 1\nnpm a 2\n");
}

TEST(Sbom, a_document_without_a_list_of_packages_is_a_note) {
  const std::string none = "! no list of components in it\n", packages = "! no list of packages in it\n";
  EXPECT_EQ(seen("a.cdx.json", R"({"bomFormat": "CycloneDX"})"), "");  // it need not be there
  EXPECT_EQ(seen("bom.xml", R"(<bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>)"), "");
  EXPECT_EQ(seen("a.cdx.json", R"({"bomFormat": "CycloneDX", "Components": []})"), none);
  EXPECT_EQ(seen("a.cdx.json", R"({"bomFormat": "CycloneDX", "components": []})"), "");
  EXPECT_EQ(seen("bom.xml", R"(<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><Components/></bom>)"), none);
  EXPECT_EQ(seen("a.spdx.json", R"({"spdxVersion": "SPDX-2.3", "Packages": []})"), packages);
  EXPECT_EQ(seen("a.spdx", "SPDXVersion: SPDX-2.3\npackageName: a\n"), packages);
}

TEST(Sbom, a_package_url_that_is_no_text_is_a_note_and_one_makes_a_package_of_any_kind) {
  EXPECT_EQ(seen("a.cdx.json", R"({"bomFormat": "CycloneDX", "components": [
      {"name": "c", "version": "1", "purl": ["pkg:npm/c@1"]},
      {"type": "file", "name": "lib.jar", "version": "1", "purl": "pkg:maven/g/lib@1"}, {"type": "file", "name": "a", "version": "1"}]})"),
            "maven g:lib 1\ngeneric c 1\n! purl: not a text\n");
}

TEST(Sbom, a_document_that_says_what_it_is_is_no_attestation) {
  EXPECT_EQ(
      seen(
          "a.cdx.json",
          R"({"bomFormat": "CycloneDX", "predicateType": "x", "predicate": {"bomFormat": "CycloneDX", "components": []},
      "components": [{"name": "a", "purl": "pkg:npm/a@1"}]})"),
      "npm a 1\n");
}

// "modularity purl" of the last package of a document.
std::string module_in(std::string_view file, std::string_view bytes) {
  const Path path{file};
  const Package one = read(path, bytes).packages.back();
  return one.modularity + " " + one.purl;
}

TEST(Sbom, the_module_of_an_rpm_is_read_where_tools_have_it) {
  const std::string purl = "pkg:rpm/alma/nodejs@16.20.1-1.module_el8?arch=x86_64",
                    want = "nodejs:16:80:ab " + purl + "&rpmmod=nodejs:16:80:ab";
  const auto cyclonedx = [&](const std::string& from, const std::string& property) {
    return R"({"bomFormat": "CycloneDX", "components": [{"name": "nodejs", "purl": ")" + from +
           R"(", "properties": [{"name": ")" + property + R"(", "value": "nodejs:16:80:ab"}]}]})";
  };
  for (const char* property :
       {"peekr:modularity", "syft:metadata:modularityLabel", "aquasecurity:trivy:Modularitylabel"}) {
    EXPECT_EQ(module_in("a.cdx.json", cyclonedx(purl, property)), want) << property;
  }
  EXPECT_EQ(module_in("a.cdx.json", cyclonedx(purl + "&rpmmod=nodejs:16", "x")),
            "nodejs:16 " + purl + "&rpmmod=nodejs:16");
  EXPECT_EQ(module_in("a.cdx.json", cyclonedx("pkg:deb/a@1", "peekr:modularity")), " pkg:deb/a@1");
  EXPECT_EQ(module_in("a.syft.json", R"({"artifacts": [{"name": "nodejs", "purl": ")" + purl +
                                         R"(", "metadata": {"modularityLabel": "nodejs:16:80:ab"}}]})"),
            want);
  EXPECT_EQ(
      module_in("a.spdx.json",
                R"({"spdxVersion": "SPDX-2.3", "packages": [{"name": "nodejs",
      "externalRefs": [{"referenceType": "purl", "referenceLocator": ")" +
                    purl + R"("}], "annotations": [{"comment": "Modularitylabel: nodejs:16:80:ab"}]}]})"),
      want);
}

TEST(Sbom, the_module_of_an_rpm_stands_in_tags_of_spdx_too) {
  const std::string purl = "pkg:rpm/alma/nodejs@16.20.1-1.module_el8?arch=x86_64",
                    want = "nodejs:16:80:ab " + purl + "&rpmmod=nodejs:16:80:ab",
                    label = "Modularitylabel: nodejs:16:80:ab";
  const std::string package =
      "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nPackageName: x\nSPDXID: SPDXRef-X\n"
      "PackageVersion: 1\nPackageName: nodejs\nSPDXID: SPDXRef-P\nPackageVersion: 16.20.1\n"
      "ExternalRef: PACKAGE-MANAGER purl " +
      purl + "\n";
  EXPECT_EQ(module_in("a.spdx", package + "PackageAttributionText: <text>" + label + "</text>\n"), want);
  EXPECT_EQ(module_in("a.spdx",
                      package + "FileName: ./a\nSPDXID: SPDXRef-F\nSPDXREF: SPDXRef-P\nAnnotationComment: " +
                          label + "\n"),
            want);
  for (const std::string whose : {"SPDXRef-DOCUMENT", "SPDXRef-X", "SPDXRef-F", "SPDXRef-Q"})
    EXPECT_EQ(module_in("a.spdx", package + "FileName: ./a\nSPDXID: SPDXRef-F\nSPDXREF: " + whose +
                                      "\nAnnotationComment: " + label + "\n"),
              " " + purl)
        << whose;
}

std::string spdx3(const std::string& graph) {
  return R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [)" + graph + "]}";
}

TEST(Sbom, spdx_3_has_packages_of_more_types_than_one) {
  EXPECT_EQ(seen("a.spdx3.json", spdx3(R"(
      {"type": "software_Package", "spdxId": "p", "name": "a", "software_packageUrl": {"@type": "xsd:anyURI", "@value": "pkg:npm/a@1"}},
      {"type": "software_Package", "spdxId": "p", "name": "a", "software_packageVersion": "1"},
      {"type": "ai_AIPackage", "spdxId": "q", "name": "b", "software_packageVersion": "2"},
      {"type": "software_package", "spdxId": "r", "name": "c", "software_packageVersion": "3"},
      {"type": "simplelicensing_LicenseExpression", "spdxId": "l", "simplelicensing_licenseExpression": "MIT"},
      {"type": "Relationship", "from": ["p", "q"], "relationshipType": "hasDeclaredLicense", "to": ["l"]})")),
            "npm a 1 (MIT)\ngeneric b 2 (MIT)\n"
            "! of a type that is not read, though with a version or a package URL: 1 of its elements\n");
}

// A package with the licence "l", which the elements describe.
std::string licensed(const std::string& elements) {
  return seen(
      "a.spdx3.json",
      spdx3(R"({"type": "software_Package", "spdxId": "p", "name": "a", "software_packageVersion": "1"},
      {"type": "Relationship", "from": "p", "relationshipType": "hasConcludedLicense", "to": ["l"]}, )" +
            elements));
}

TEST(Sbom, a_set_of_licences_of_spdx_3_has_the_text_of_its_members) {
  const auto set = [](const std::string& id, const std::string& kind, const std::string& members) {
    return R"({"type": "expandedlicensing_)" + kind + R"(LicenseSet", "spdxId": ")" + id +
           R"(", "expandedlicensing_member": [)" + members + "]}";
  };
  const std::string mit = R"("https://spdx.org/licenses/MIT")", isc = R"("https://spdx.org/licenses/ISC")";
  EXPECT_EQ(licensed(set("l", "Conjunctive", mit + "," + isc)), "generic a 1 (MIT AND ISC)\n");
  EXPECT_EQ(
      licensed(set("l", "Conjunctive", mit + R"(, "m")") + "," + set("m", "Disjunctive", isc + "," + mit)),
      "generic a 1 (MIT AND (ISC OR MIT))\n");
  const std::string none = "generic a 1\n! a set of licences that has no text: ";
  EXPECT_EQ(licensed(set("l", "Conjunctive", mit + R"(, "l")")), none + "l\n");
  EXPECT_EQ(licensed(set("l", "Conjunctive", R"("gone")")), none + "l\n");
  std::string many = mit;
  for (int i = 0; i < 2000; ++i) many += "," + mit;
  EXPECT_EQ(licensed(set("l", "Conjunctive", many)), none + "l\n");
}

// Each package would look for each of the long names.
TEST(Sbom, licences_with_long_names_that_many_packages_have_cost_no_more_than_their_bytes) {
  std::string to, graph;
  for (int i = 0; i < 50; ++i)
    to += (i > 0 ? ", \"" : "\"") + std::string(20'000, 's') + std::to_string(i) + '"';
  graph = R"({"type": "Relationship", "from": "p", "relationshipType": "hasDeclaredLicense", "to": [)" + to +
          "]}";
  for (int i = 0; i < 2000; ++i)
    graph += R"(, {"type": "software_Package", "spdxId": "p", "name": "a", "software_packageVersion": ")" +
             std::to_string(i) + "\"}";
  const Inventory found = read(Path("a.spdx3.json"), spdx3(graph));
  EXPECT_EQ(found.packages.size(), 1u);
}

// By it a package of EPEL is known (model/root.h).
TEST(Sbom, the_vendor_of_an_rpm_is_read) {
  const auto vendors = [](std::string_view file, std::string_view bytes) {
    const Path path{file};
    std::string all;
    for (const Package& one : read(path, bytes).packages) all += one.name + ": " + one.vendor + "\n";
    return all;
  };
  constexpr std::string_view kBoth = "a: Fedora Project\nb: \n";
  EXPECT_EQ(vendors("a.cdx.json", R"({"bomFormat": "CycloneDX", "components": [
    {"type": "library", "name": "b", "version": "1", "purl": "pkg:npm/b@1", "publisher": "Somebody"},
    {"type": "library", "name": "a", "version": "1", "purl": "pkg:rpm/rhel/a@1", "supplier": {"name": "Fedora Project"}}]})"),
            kBoth);
  EXPECT_EQ(vendors("a.cdx.json", R"({"bomFormat": "CycloneDX", "components": [
    {"type": "library", "name": "a", "version": "1", "purl": "pkg:rpm/rhel/a@1", "publisher": "Fedora Project"}]})"),
            "a: Fedora Project\n");
  EXPECT_EQ(vendors("a.cdx.xml", R"(<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components>
    <component type="library"><supplier><name>Fedora Project</name></supplier><name>a</name><version>1</version>
    <purl>pkg:rpm/rhel/a@1</purl></component></components></bom>)"),
            "a: Fedora Project\n");
  EXPECT_EQ(vendors("a.spdx.json", R"({"spdxVersion": "SPDX-2.3", "packages": [
    {"name": "a", "versionInfo": "1", "supplier": "Organization: Fedora Project", "externalRefs": [
      {"referenceType": "purl", "referenceLocator": "pkg:rpm/rhel/a@1"}]},
    {"name": "b", "versionInfo": "1", "supplier": "NOASSERTION", "externalRefs": [
      {"referenceType": "purl", "referenceLocator": "pkg:rpm/rhel/b@1"}]}]})"),
            kBoth);
  EXPECT_EQ(vendors("a.spdx",
                    "SPDXVersion: SPDX-2.3\nPackageName: a\nPackageVersion: 1\n"
                    "PackageSupplier: Organization: Fedora Project (a@example.org)\n"
                    "ExternalRef: PACKAGE-MANAGER purl pkg:rpm/rhel/a@1\n"),
            "a: Fedora Project\n");
  EXPECT_EQ(
      vendors("a.spdx3.json", R"({"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
    {"type": "Organization", "spdxId": "o", "name": "Fedora Project"},
    {"type": "software_Package", "spdxId": "p", "name": "a", "software_packageVersion": "1",
     "software_packageUrl": "pkg:rpm/rhel/a@1", "suppliedBy": "o"}]})"),
      "a: Fedora Project\n");
  EXPECT_EQ(vendors("a.syft.json", R"({"artifacts": [{"name": "a", "version": "1", "purl": "pkg:rpm/rhel/a@1",
    "metadata": {"vendor": "Fedora Project"}}]})"),
            "a: Fedora Project\n");
}

}  // namespace
}  // namespace peekr
