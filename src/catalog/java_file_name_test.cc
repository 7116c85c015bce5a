// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_file_name.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace peekr {
namespace {

std::string of_name(std::string_view name) {
  const Artifact artifact = artifact_of_name(name);
  return artifact.name + " " + artifact.version;
}

TEST(JavaFileName, file_names_have_a_name_and_a_version) {
  EXPECT_EQ(of_name("lib/spring-data-r2dbc-1.1.0.RELEASE.jar"), "spring-data-r2dbc 1.1.0.RELEASE");
  EXPECT_EQ(of_name("jboss-saaj-api_1.4_spec-1.0.2.Final.jar"), "jboss-saaj-api_1.4_spec 1.0.2.Final");
  EXPECT_EQ(of_name("jtidy-4aug2000r7-dev.jar"), "jtidy 4aug2000r7-dev");
  EXPECT_EQ(of_name("trilead-ssh2-build212-hudson-5.hpi"), "trilead-ssh2 build212-hudson-5");
  EXPECT_EQ(of_name("guava-r06.jar"), "guava r06");
  EXPECT_EQ(of_name("jcsp-core-rc4.jar"), "jcsp-core rc4");
  EXPECT_EQ(of_name("zstd-jni-1.3.8-5.jar"), "zstd-jni 1.3.8-5");
  EXPECT_EQ(of_name("app_2.0.war"), "app 2.0");
  EXPECT_EQ(of_name("closure-compiler-v20260101.jar"), "closure-compiler v20260101");
  EXPECT_EQ(of_name("google-api-services-storage-v1-rev171-1.25.0.jar"),
            "google-api-services-storage v1-rev171-1.25.0");
  EXPECT_EQ(of_name("proto-google-cloud-pubsub-v1-1.102.0.jar"), "proto-google-cloud-pubsub-v1 1.102.0");
  EXPECT_EQ(of_name("r2dbc.jar"), "r2dbc ");
  EXPECT_EQ(of_name("-1.jar"), "-1 ");
  const std::string longest = std::string(251, 'a') + "-1.0";
  EXPECT_EQ(of_name(longest + ".jar"), std::string(251, 'a') + " 1.0");
  EXPECT_EQ(of_name("a" + longest + ".jar"), "a" + longest + " ") << "no file's";
}

TEST(JavaFileName, a_file_is_an_artifact_s_by_its_name) {
  EXPECT_TRUE(is_file_of({.name = "log4j-1.2-api"}, "log4j-1.2-api.jar"));
  EXPECT_TRUE(is_file_of({.name = "log4j-1.2-api"}, "lib/log4j-1.2-api-2.19.0.jar"));
  EXPECT_TRUE(is_file_of({.name = "geronimo-interceptor_3.0_spec"}, "geronimo-interceptor-3.0-spec.jar"));
  EXPECT_TRUE(is_file_of({.group = "org.yaml", .name = "snakeyaml"}, "org.yaml.snakeyaml-2.0.jar"));
  EXPECT_FALSE(is_file_of({.name = "log4j"}, "log4j-core-2.14.1.jar"));
  EXPECT_FALSE(is_file_of({.name = "log4j"}, "log4j1-1.0.jar"));
  EXPECT_FALSE(is_file_of({}, "-1.0.jar"));
}

TEST(JavaFileName, the_name_may_hold_numbers) {
  struct Case {
    std::string_view name, version;
  };
  for (const Case& one : std::to_array<Case>({
           {"log4j-1.2-api", "2.19.0"},
           {"log4j-1.2-api", "2.0-beta9"},
           {"hibernate-jpa-2.1-api", "1.0.0.Final"},
           {"geronimo-interceptor-3.0-spec", "1.0.1"},
           {"jsp-2.1", "6.1.14"},
           {"jsp-2.1-glassfish", "2.1.v20100127"},
           {"servlet-api-2.5", "6.1.14"},
           {"hive-shims-0.23", "2.3.9"},
           {"paimon-flink-1.17", "0.8.0"},
           {"opentelemetry-okhttp-3.0", "1.32.0-alpha"},
           {"opentelemetry-log4j-appender-2.17", "1.32.0-alpha"},
           {"iceberg-spark-runtime-3.5_2.12", "1.4.0"},
           {"spark-streaming-kafka-0-10_2.13", "3.5.0"},
           {"akka-actor_2.12", "2.5.23"},
           {"kubernetes-httpclient-vertx-5", "7.9.0"},
           {"jte-spring-boot-starter-4-core", "3.2.1"},
           {"flink-shaded-zookeeper-3", "3.5.9-15.0"},
           {"flink-shaded-hadoop-2-uber", "2.8.3-10.0"},
           {"jsr-275", "1.0-beta-2"},
       })) {
    EXPECT_EQ(of_name(std::string(one.name) + "-" + std::string(one.version) + ".jar"),
              std::string(one.name) + " " + std::string(one.version));
  }
}

TEST(JavaFileName, the_version_may_hold_several_numbers) {
  for (const std::string_view version : {"33.0.0-jre",
                                         "30.1.1-jre-16.1",
                                         "3.1.0-1.18",
                                         "2.7.1-0.36.0",
                                         "12.1-8.9-1.5.9",
                                         "1.0-beta-2.1",
                                         "9.4-1201-jdbc41",
                                         "9.1-901.jdbc4",
                                         "1.0-20230101.123456-1",
                                         "1.0-alpha-1-20230101.123456-1",
                                         "0.16.0-hadoop-2.7",
                                         "2.0-mahout",
                                         "1.4-M1",
                                         "3.0.1-jbossorg-1",
                                         "2.4-jenkins-2",
                                         "5-SNAPSHOT",
                                         "2.13.8.v20211217-122810-VFINAL-4b2151c",
                                         "3.2.1-amzn-3.1",
                                         "3.2.1-amzn-3",
                                         "2.4-amzn-0.1",
                                         "3.2.1-atlassian-1.0",
                                         "2.4-atlassian-1.0",
                                         "4.3.9-vmware-1.2",
                                         "2.3.20-patched-1.0",
                                         "2.14.1-custom-1.0",
                                         "2.12.0-xml-schema-1.1",
                                         "2.0.4.redhat-00001",
                                         "1.1.0-redhat-1.2",
                                         "2.6.0-cdh6.3.2",
                                         "3.0-cdh6.3.2-1.0",
                                         "3.1.1-hdp-3.1.4",
                                         "3.1.1.3.1.4.0-315",
                                         "2.7-mapr-1602.1"}) {
    EXPECT_EQ(of_name("app-" + std::string(version) + ".jar"), "app " + std::string(version));
  }
}

TEST(JavaFileName, what_is_made_beside_an_archive_is_no_part_of_its_version) {
  EXPECT_EQ(of_name("netty-tcnative-boringssl-static-2.0.61.Final-linux-x86_64.jar"),
            "netty-tcnative-boringssl-static 2.0.61.Final");
  EXPECT_EQ(of_name("netty-tcnative-2.0.61.Final-linux-x86_64-fedora.jar"), "netty-tcnative 2.0.61.Final");
  EXPECT_EQ(of_name("app-1.2.5-jar-with-dependencies.jar"), "app 1.2.5");
  EXPECT_EQ(of_name("app-1.2.5-SNAPSHOT-sources.jar"), "app 1.2.5-SNAPSHOT");
  EXPECT_EQ(of_name("groovy-all-2.4.3.jar"), "groovy-all 2.4.3");
}

TEST(JavaFileName, the_manifest_tells_where_the_version_begins) {
  const auto of = [](std::string_view file, std::string_view manifest) {
    const Artifact artifact = artifact_of_name(file, JarManifest(manifest));
    return artifact.name + " " + artifact.version;
  };
  EXPECT_EQ(of("opencl-3.0-1.5.9.jar", "Implementation-Version: 3.0-1.5.9"), "opencl 3.0-1.5.9");
  EXPECT_EQ(of("log4j-1.2.17-2.0.jar", "Bundle-Version: 2.0"), "log4j-1.2.17 2.0");
  EXPECT_EQ(of("jna-5.13.0.jar", "Implementation-Version: 5.13.0 (b0)"), "jna 5.13.0");
  EXPECT_EQ(of("app-1.0.jar", "Implementation-Version: 2.0"), "app 1.0");
  EXPECT_EQ(of("app-1.0-linux-x86_64.jar", "Bundle-Version: 1\nImplementation-Version: 1.0"), "app 1.0");
  EXPECT_EQ(of("app-1.0-1.jar", "Implementation-Version: 1\nBundle-Version: 1.0-1"), "app 1.0-1");
  EXPECT_EQ(of("app-1.0-x.jar", "Implementation-Version: x"), "app 1.0-x") << "no version";
  // In time that goes with the length of the name.
  const std::string dashes = "a" + std::string(65'000, '-');
  EXPECT_EQ(of(dashes + ".jar", "Implementation-Version: 1.0"), dashes + " ");
}

}  // namespace
}  // namespace peekr
