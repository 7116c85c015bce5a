// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_identity.h"

#include <gtest/gtest.h>

#include <array>

namespace peekr {
namespace {

std::string of_name(std::string_view name) {
  const Artifact artifact = artifact_of_name(name);
  return artifact.name + " " + artifact.version;
}

TEST(JavaIdentity, file_names_have_a_name_and_a_version) {
  EXPECT_EQ(of_name("lib/spring-data-r2dbc-1.1.0.RELEASE.jar"), "spring-data-r2dbc 1.1.0.RELEASE");
  EXPECT_EQ(of_name("jboss-saaj-api_1.4_spec-1.0.2.Final.jar"), "jboss-saaj-api_1.4_spec 1.0.2.Final");
  EXPECT_EQ(of_name("jtidy-4aug2000r7-dev.jar"), "jtidy 4aug2000r7-dev");
  EXPECT_EQ(of_name("trilead-ssh2-build212-hudson-5.hpi"), "trilead-ssh2 build212-hudson-5");
  EXPECT_EQ(of_name("guava-r06.jar"), "guava r06");
  EXPECT_EQ(of_name("jcsp-core-rc4.jar"), "jcsp-core rc4");
  EXPECT_EQ(of_name("zstd-jni-1.3.8-5.jar"), "zstd-jni 1.3.8-5");
  EXPECT_EQ(of_name("app_2.0.war"), "app 2.0");
  EXPECT_EQ(of_name("r2dbc.jar"), "r2dbc ");
  EXPECT_EQ(of_name("-1.jar"), "-1 ");
}

TEST(JavaIdentity, a_file_is_an_artifact_s_by_its_name) {
  EXPECT_TRUE(is_file_of({.name = "log4j-1.2-api"}, "log4j-1.2-api.jar"));
  EXPECT_TRUE(is_file_of({.name = "log4j-1.2-api"}, "lib/log4j-1.2-api-2.19.0.jar"));
  EXPECT_TRUE(is_file_of({.name = "geronimo-interceptor_3.0_spec"}, "geronimo-interceptor-3.0-spec.jar"));
  EXPECT_TRUE(is_file_of({.group = "org.yaml", .name = "snakeyaml"}, "org.yaml.snakeyaml-2.0.jar"));
  EXPECT_FALSE(is_file_of({.name = "log4j"}, "log4j-core-2.14.1.jar"));
  EXPECT_FALSE(is_file_of({.name = "log4j"}, "log4j1-1.0.jar"));
  EXPECT_FALSE(is_file_of({}, "-1.0.jar"));
}

TEST(JavaIdentity, a_release_is_the_same_in_other_words) {
  EXPECT_TRUE(same_release("31.1-jre", "31.1.0.jre"));
  EXPECT_TRUE(same_release("r06", "r06"));
  EXPECT_TRUE(same_release("1.0-SNAPSHOT-exec", "1.0-SNAPSHOT"));
  EXPECT_TRUE(same_release("4.0.1", "4.0"));
  EXPECT_FALSE(same_release("2.9.8", "2.8"));
  EXPECT_FALSE(same_release("2.10", "2.1"));
  EXPECT_FALSE(same_release("5.15.0", "1.7.5"));
  EXPECT_FALSE(same_release("", "1.0"));
  EXPECT_FALSE(same_release("r06", "r07"));
}

TEST(JavaIdentity, groups_of_artifacts_that_do_not_say_are_known) {
  const JarManifest none("");
  EXPECT_EQ(artifact_of_manifest(none, artifact_of_name("spring-core-5.3.9.jar")).group,
            "org.springframework");
  EXPECT_EQ(artifact_of_manifest(none, artifact_of_name("spring-security-web-5.3.9.jar")).group,
            "org.springframework.security");
  EXPECT_EQ(artifact_of_manifest(none, artifact_of_name("own-1.0.jar")).group,
            "own");  // as in Maven's early years
}

TEST(JavaIdentity, a_group_may_stand_before_the_artifact_in_the_name_of_a_file) {
  struct Case {
    std::string_view file, manifest, want;
  };
  for (const Case& one : std::to_array<Case>({
           {"org.springframework.spring-beans-5.2.5.RELEASE.jar", "", "org.springframework:spring-beans"},
           {"org.hibernate.orm.hibernate-core-7.1.0.Final.jar", "Implementation-Vendor-Id: org.hibernate",
            "org.hibernate.orm:hibernate-core"},
           {"commons-collections.commons-collections-3.2.1.jar", "",
            "commons-collections:commons-collections"},
           {"org.postgresql.postgresql-42.7.7.jar", "Bundle-SymbolicName: org.postgresql.jdbc",
            "org.postgresql:postgresql"},
           {"org.ow2.asm.asm-tree-9.8.jar", "Bundle-SymbolicName: org.objectweb.asm.tree",
            "org.ow2.asm:asm-tree"},
           {"jakarta.ws.rs.jakarta.ws.rs-api-3.1.0.jar", "", "jakarta.ws.rs:jakarta.ws.rs-api"},
           {"com.h2database.h2-2.3.230.jar", "Bundle-SymbolicName: com.h2database", "com.h2database:h2"},
           {"info.picocli.picocli-4.7.7.jar", "Bundle-SymbolicName: picocli", "info.picocli:picocli"},
           {"io.reactivex.rxjava3.rxjava-3.1.10.jar",
            "Bundle-Name: rxjava\nBundle-SymbolicName: io.reactivex.rxjava3.rxjava",
            "io.reactivex.rxjava3:rxjava"},
           {"com.mysql.mysql-connector-j-8.3.0.jar", "Bundle-SymbolicName: com.mysql.cj",
            "com.mysql:mysql-connector-j"},
           {"com.typesafe.akka.akka-actor_2.12-2.5.23.jar", "Implementation-Title: akka-actor",
            "com.typesafe.akka:akka-actor_2.12"},
           {"org.scala-lang.scala-library-2.12.8.jar", "", "org.scala-lang:scala-library"},
           {"xerces.xercesImpl-2.11.0.jar", "", "xerces:xercesImpl"},
           {"kafka-clients-2.3.0.jar", "", "org.apache.kafka:kafka-clients"},
           {"java-jwt-3.10.0.jar", "", "com.auth0:java-jwt"},
           {"javax.servlet-api-3.1.0.jar", "", "javax.servlet-api:javax.servlet-api"},
           {"jakarta.mail-1.6.5.jar", "Implementation-Vendor-Id: com.sun", "com.sun:jakarta.mail"},
           {"com.sun.mail.jakarta.mail-1.6.5.jar", "Implementation-Vendor-Id: com.sun",
            "com.sun:com.sun.mail.jakarta.mail"},
           {"kafka_2.12-2.8.0.jar", "", "kafka_2.12:kafka_2.12"},
           {"org.eclipse.platform.org.eclipse.core.runtime-3.17.0.jar",
            "Bundle-SymbolicName: org.eclipse.core.runtime; singleton:=true",
            "org.eclipse.platform:org.eclipse.core.runtime"},
           {"com.ibm.mq.allclient-9.2.0.0.jar", "", "com.ibm.mq.allclient:com.ibm.mq.allclient"},
           {"org.eclipse.jdt.core-3.22.0.jar",
            "Bundle-SymbolicName: org.eclipse.jdt.core; singleton:=true\nImplementation-Vendor-Id: "
            "org.eclipse.jdt",
            "org.eclipse.jdt.core:org.eclipse.jdt.core"},
       })) {
    const Artifact artifact = artifact_of_manifest(JarManifest(one.manifest), artifact_of_name(one.file));
    EXPECT_EQ(artifact.group + ":" + artifact.name, one.want) << one.file;
  }
}

TEST(JavaIdentity, a_series_in_the_name_of_a_file_is_no_version_where_the_manifest_has_one) {
  const Artifact file = artifact_of_name("spring3-core-3.x.jar");
  const Artifact spring = artifact_of_manifest(
      JarManifest("Implementation-Title: spring-core\nImplementation-Version: 4.3.30.RELEASE\n"), file);
  EXPECT_EQ(spring.group + ":" + spring.name + " " + spring.version,
            "org.springframework:spring-core 4.3.30.RELEASE");
  const Artifact untold = artifact_of_manifest(JarManifest(""), file);
  EXPECT_EQ(untold.name + " " + untold.version, "spring3-core 3.x");
}

}  // namespace
}  // namespace peekr
