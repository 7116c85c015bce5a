// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_identity.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/java_group.h"

namespace peekr {
namespace {

// One word, as an identifier or a version is.
bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::none_of(text, [](char c) { return is_space(c) || c == '/' || c == ':' || c == '#'; });
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t")); }

// "org.apache.ivy" -> "ivy".
std::string_view last_label(std::string_view text) { return text.substr(text.rfind('.') + 1); }

// What the manifest calls the archive; a bundle is "org.apache.tomcat.jdbc" in the file "tomcat-jdbc", which is the whole name.
std::string name_of(const JarManifest& manifest, const std::string& file) {
  for (const std::string_view key : {"Short-Name", "Name", "Implementation-Title", "Specification-Title",
                                     "Bundle-Name", "Extension-Name"}) {
    const std::string_view name = cut(manifest.value(key), ';').first;
    if (is_word(name)) return std::string(name);
  }
  const std::string_view bundle = manifest.value("Bundle-SymbolicName"), name = last_label(bundle);
  return is_word(bundle) && !file.ends_with("-" + std::string(name)) ? std::string(name) : file;
}

}  // namespace

Artifact artifact_of_properties(std::string_view text) {
  Artifact out;
  while (!text.empty()) {
    const std::string_view line = trim(next_line(text));
    const std::size_t at = line.find_first_of("=:");
    if (line.starts_with('#') || at == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, at)), value = trim(line.substr(at + 1));
    if (!is_word(value) || value.find("${") != std::string_view::npos) continue;
    if (key == "groupId") out.group = value;
    if (key == "artifactId") out.name = value;
    if (key == "version") out.version = value;
  }
  return out;
}

bool same_release(std::string_view a, std::string_view b) {
  const auto begins_with_number_of = [](std::string_view text, std::string_view other) {
    std::string_view number = other.substr(0, other.find_first_not_of("0123456789."));
    number = number.substr(0, number.find_last_not_of('.') + 1);
    if (number.empty() || !text.starts_with(number)) return false;
    return text.size() == number.size() || !is_digit(text[number.size()]);
  };
  return a == b || begins_with_number_of(a, b) || begins_with_number_of(b, a);
}

// Lines end with CR LF, LF or CR; one that begins with a blank goes on with the line before.
JarManifest::JarManifest(std::string_view text) {
  std::string* last = nullptr;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + (text.substr(end).starts_with("\r\n") ? 2 : 1)));
    if (line.empty()) {
      if (!values_.empty()) break;  // the end of the main section
    } else if (line.front() == ' ') {
      if (last != nullptr) *last += line.substr(1);
    } else {
      const auto [key, value] = cut(line, ':');
      last = &values_[lower(trim(key))];
      *last = trim(value);
    }
  }
  std::erase_if(values_, [](const auto& one) {
    return one.second.starts_with('%') || one.second.starts_with('$') ||
           one.second.find("${") != std::string::npos;
  });
}

std::string_view JarManifest::value(std::string_view key) const {
  const auto found = values_.find(lower(key));
  return found == values_.end() ? std::string_view() : std::string_view(found->second);
}

// A bundle's version has its qualifier mangled ("31.1.0.jre"): the last choice.
std::vector<std::string_view> versions_of(const JarManifest& manifest) {
  std::vector<std::string_view> all;
  for (const std::string_view key :
       {"Plugin-Version", "Implementation-Version", "Specification-Version", "Bundle-Version"}) {
    const std::string_view version = first_word(manifest.value(key));
    if (!version.empty()) all.push_back(version);
  }
  return all;
}

Artifact artifact_of_manifest(const JarManifest& manifest, const Artifact& file) {
  const std::vector<std::string_view> versions = versions_of(manifest);
  Artifact out = file;
  if (!file.version.empty()) out.group = group_before(file.name, manifest);
  if (!out.group.empty()) out.name.erase(0, out.group.size() + 1);
  // Debian's links: "spring3-core-3.x.jar" is whatever it leads to.
  const bool is_series = file.version.ends_with(".x") && !versions.empty();
  if (file.version.empty() || is_series) {
    out.version = versions.empty() ? "" : versions.front();
    out.name = name_of(manifest, out.name);
  }
  if (out.group.empty()) out.group = group_of(out.name, manifest);
  // Nobody names one: in Maven's early years a group was called like its artifact (commons-io, junit, dom4j).
  if (out.group.empty() && !out.version.empty()) out.group = out.name;
  return out;
}

}  // namespace peekr
