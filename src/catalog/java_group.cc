// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_group.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace peekr {
namespace {

// Groups of well-known artifacts whose archives do not name them: they are not built by Maven.
struct Known {
  std::string_view artifact, group;  // "spring-security-*": all that begin so
};
constexpr auto kKnown = std::to_array<Known>({
    {"activemq-*", "org.apache.activemq"},
    {"ant", "org.apache.ant"},
    {"bcpkix-*", "org.bouncycastle"},
    {"bcprov-*", "org.bouncycastle"},
    {"catalina", "org.apache.tomcat"},
    {"commons-collections4", "org.apache.commons"},
    {"commons-compress", "org.apache.commons"},
    {"commons-configuration2", "org.apache.commons"},
    {"commons-jxpath", "commons-jxpath"},
    {"commons-lang3", "org.apache.commons"},
    {"commons-text", "org.apache.commons"},
    {"derby", "org.apache.derby"},
    {"elasticsearch", "org.elasticsearch"},
    {"fastjson", "com.alibaba"},
    {"grpc-netty-shaded", "io.grpc"},
    {"gson", "com.google.code.gson"},
    {"guava", "com.google.guava"},
    {"h2", "com.h2database"},
    {"groovy", "org.codehaus.groovy"},
    {"groovy-*", "org.codehaus.groovy"},
    {"hibernate-core", "org.hibernate"},
    {"hibernate-validator", "org.hibernate.validator"},
    {"httpclient", "org.apache.httpcomponents"},
    {"itext", "com.lowagie"},
    {"jackson-annotations", "com.fasterxml.jackson.core"},
    {"jackson-core", "com.fasterxml.jackson.core"},
    {"jackson-databind", "com.fasterxml.jackson.core"},
    {"jackson-dataformat-*", "com.fasterxml.jackson.dataformat"},
    {"jackson-mapper-asl", "org.codehaus.jackson"},
    {"java-jwt", "com.auth0"},
    {"jdom2", "org.jdom"},
    {"jetty-*", "org.eclipse.jetty"},
    {"json-smart", "net.minidev"},
    {"json-path", "com.jayway.jsonpath"},
    {"kafka-clients", "org.apache.kafka"},
    {"kotlin-stdlib", "org.jetbrains.kotlin"},
    {"kotlin-stdlib-*", "org.jetbrains.kotlin"},
    {"log4j", "log4j"},
    {"log4j-1.2-api", "org.apache.logging.log4j"},
    {"log4j-api", "org.apache.logging.log4j"},
    {"log4j-core", "org.apache.logging.log4j"},
    {"logback-*", "ch.qos.logback"},
    {"lz4-java", "org.lz4"},
    {"mysql-connector-java", "mysql"},
    {"mysql-connector-j", "com.mysql"},
    {"netty", "io.netty"},
    {"netty-*", "io.netty"},
    {"ojdbc8", "com.oracle.database.jdbc"},
    {"okhttp", "com.squareup.okhttp3"},
    {"okio", "com.squareup.okio"},
    {"poi", "org.apache.poi"},
    {"poi-*", "org.apache.poi"},
    {"postgresql", "org.postgresql"},
    {"protobuf-java", "com.google.protobuf"},
    {"shiro-*", "org.apache.shiro"},
    {"snakeyaml", "org.yaml"},
    {"snappy-java", "org.xerial.snappy"},
    {"spring-boot", "org.springframework.boot"},
    {"spring-boot-*", "org.springframework.boot"},
    {"spring-cloud-*", "org.springframework.cloud"},
    {"spring-data-*", "org.springframework.data"},
    {"spring-security-*", "org.springframework.security"},
    {"spring-*", "org.springframework"},
    {"struts2-*", "org.apache.struts"},
    {"tomcat-embed-*", "org.apache.tomcat.embed"},
    {"tomcat-*", "org.apache.tomcat"},
    {"undertow-core", "io.undertow"},
    {"velocity-engine-core", "org.apache.velocity"},
    {"xalan", "xalan"},
    {"xercesImpl", "xerces"},
    {"xstream", "com.thoughtworks.xstream"},
    {"zookeeper", "org.apache.zookeeper"},
});

// "netty-buffer" begins with "netty".
bool begins_with(std::string_view text, std::string_view word) {
  return text.starts_with(word) &&
         (text.size() == word.size() || (!is_alpha(text[word.size()]) && !is_digit(text[word.size()])));
}

// A domain of two labels or more, turned round: "org.yaml", "io.reactivex.rxjava3"; not "javax.ws", which begins names of artifacts.
bool is_domain(std::string_view text) {
  const std::size_t first = text.find('.');
  return first != std::string_view::npos && first >= 2 && first <= 4 && lower(text) == text;
}

// "org.yaml" and "snakeyaml", which are known; "jakarta.el" and "jakarta.el-api"; "org.ow2.asm" and "asm-tree".
bool are_alike(std::string_view group, std::string_view artifact) {
  const std::string_view known = known_group(artifact);
  return (!known.empty() && begins_with(group, known)) || begins_with(artifact, group) ||
         begins_with(artifact, group.substr(group.rfind('.') + 1));
}

bool says(const JarManifest& manifest, std::string_view key, std::string_view text) {
  return cut(manifest.value(key), ';').first == text;
}

bool says_artifact(std::string_view artifact, const JarManifest& manifest) {
  return says(manifest, "Bundle-SymbolicName", artifact) || says(manifest, "Bundle-Name", artifact) ||
         says(manifest, "Implementation-Title", artifact);
}

bool says_group(std::string_view group, const JarManifest& manifest) {
  return says(manifest, "Bundle-SymbolicName", group) || says(manifest, "Group-Id", group) ||
         says(manifest, "Implementation-Vendor-Id", group);
}

}  // namespace

std::string_view known_group(std::string_view artifact) {
  for (const Known& one : kKnown) {
    const bool all = one.artifact.ends_with('*');
    const std::string_view name = one.artifact.substr(0, one.artifact.size() - (all ? 1 : 0));
    if (all ? artifact.starts_with(name) : artifact == name) return one.group;
  }
  return {};
}

std::string_view group_before(std::string_view name, const JarManifest& manifest) {
  std::size_t last = 0;  // dot before a letter: "akka-actor_2.12" is one label
  for (std::size_t at = name.find('.', 1); at != std::string_view::npos; at = name.find('.', at + 1)) {
    if (at + 1 == name.size() || !is_alpha(name[at + 1])) continue;
    const std::string_view artifact = name.substr(at + 1);
    if (are_alike(name.substr(0, at), artifact) || says_artifact(artifact, manifest))
      return name.substr(0, at);
    last = at;
  }
  // Without a dash it may be a bundle, or an artifact that is called like its group ("com.ibm.mq.allclient").
  const std::string_view group = name.substr(0, last);
  const bool has_shape = is_domain(group) && name.find('-', last) != std::string_view::npos;
  const bool is_bundle = says(manifest, "Bundle-SymbolicName", name);
  return has_shape || (!is_bundle && says_group(group, manifest)) ? group : std::string_view();
}

}  // namespace peekr
