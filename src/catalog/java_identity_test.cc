// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_identity.h"

#include <gtest/gtest.h>

#include <array>

#include "catalog/java_file_name.h"
#include "catalog/java_group.h"

namespace peekr {
namespace {

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
           {"javax.servlet-api-3.1.0.jar", "Implementation-Vendor-Id: org.glassfish",
            "javax.servlet:javax.servlet-api"},
           {"jakarta.mail-1.6.5.jar", "Implementation-Vendor-Id: com.sun", "com.sun:jakarta.mail"},
           {"com.sun.mail.jakarta.mail-1.6.5.jar", "Implementation-Vendor-Id: com.sun",
            "com.sun:com.sun.mail.jakarta.mail"},
           {"kafka_2.12-2.8.0.jar", "", "org.apache.kafka:kafka_2.12"},
           {"org.eclipse.platform.org.eclipse.core.runtime-3.17.0.jar",
            "Bundle-SymbolicName: org.eclipse.core.runtime; singleton:=true",
            "org.eclipse.platform:org.eclipse.core.runtime"},
           {"com.ibm.mq.allclient-9.2.0.0.jar", "", "com.ibm.mq.allclient:com.ibm.mq.allclient"},
           {"org.eclipse.jdt.core-3.22.0.jar",
            "Bundle-SymbolicName: org.eclipse.jdt.core; singleton:=true\nImplementation-Vendor-Id: "
            "org.eclipse.jdt",
            "org.eclipse.jdt:org.eclipse.jdt.core"},
       })) {
    const Artifact artifact = artifact_of_manifest(JarManifest(one.manifest), artifact_of_name(one.file));
    EXPECT_EQ(artifact.group + ":" + artifact.name, one.want) << one.file;
  }
}

// What the real archives of these names say.
TEST(JavaIdentity, a_manifest_tells_the_group_in_many_words) {
  struct Case {
    std::string_view file, manifest, want;
  };
  for (const Case& one : std::to_array<Case>({
           {"akka-actor_2.12-2.5.23.jar", "Bundle-SymbolicName: com.typesafe.akka.actor",
            "com.typesafe.akka:akka-actor_2.12"},
           {"play_2.12-2.7.0.jar", "Implementation-Vendor-Id: com.typesafe.play",
            "com.typesafe.play:play_2.12"},
           {"scala-library-2.13.8.jar", "Bundle-SymbolicName: org.scala-lang.scala-library",
            "org.scala-lang:scala-library"},
           {"reactor-netty-http-1.0.10.jar",
            "Bundle-SymbolicName: io.projectreactor.netty.reactor-netty-http",
            "io.projectreactor.netty:reactor-netty-http"},
           {"geode-core-1.12.0.jar", "Automatic-Module-Name: org.apache.geode.core",
            "org.apache.geode:geode-core"},
           {"groovy-json-4.0.15.jar",
            "Bundle-SymbolicName: groovy-json\nAutomatic-Module-Name: org.apache.groovy.json",
            "org.apache.groovy:groovy-json"},
           {"groovy-3.0.9.jar", "Bundle-SymbolicName: groovy\nAutomatic-Module-Name: org.codehaus.groovy",
            "org.codehaus.groovy:groovy"},
           {"netty-3.2.10.Final.jar", "Implementation-Vendor-Id: org.jboss.netty", "org.jboss.netty:netty"},
           {"spring-amqp-2.4.0.jar", "Implementation-Vendor-Id: org.springframework.amqp",
            "org.springframework.amqp:spring-amqp"},
           {"spring-rabbit-junit-2.4.0.jar", "Implementation-Vendor-Id: org.springframework.amqp",
            "org.springframework.amqp:spring-rabbit-junit"},
           {"elasticsearch-x-content-7.10.0.jar",
            "Implementation-Title: org.elasticsearch#elasticsearch-x-content;7.10.0",
            "org.elasticsearch:elasticsearch-x-content"},
           {"batik-dom-1.7.jar", "", "org.apache.xmlgraphics:batik-dom"},
           {"kotlin-reflect-1.4.0.jar", "", "org.jetbrains.kotlin:kotlin-reflect"},
           {"log4j-web-2.19.0.jar", "", "org.apache.logging.log4j:log4j-web"},
           {"log4j-1.2.17.jar", "", "log4j:log4j"},
           {"jna-5.13.0.jar", "Bundle-SymbolicName: com.sun.jna", "net.java.dev.jna:jna"},
           {"jsoup-1.14.1.jar", "Bundle-SymbolicName: org.jsoup", "org.jsoup:jsoup"},
           {"guice-4.2.3.jar",
            "Bundle-SymbolicName: com.google.inject\nAutomatic-Module-Name: com.google.guice",
            "com.google.inject:guice"},
           {"guava-30.0-jre.jar", "Bundle-SymbolicName: com.google.guava", "com.google.guava:guava"},
           {"commons-cli-1.4.jar", "Bundle-SymbolicName: org.apache.commons.cli", "commons-cli:commons-cli"},
           {"commons-imaging-1.0.jar",
            "Bundle-SymbolicName: org.apache.commons.imaging\nImplementation-Vendor-Id: org.apache.commons",
            "org.apache.commons:commons-imaging"},
           {"ant-contrib-1.0.jar", "", "ant-contrib:ant-contrib"},
           {"ant-launcher-1.10.5.jar", "", "org.apache.ant:ant-launcher"},
           {"commons-math3-3.2.jar", "Bundle-SymbolicName: org.apache.commons.math3",
            "org.apache.commons:commons-math3"},
           {"junit-4.12.jar", "Implementation-Vendor: JUnit\nImplementation-Vendor-Id: junit", "junit:junit"},
           {"icu4j-60.1.jar", "Implementation-Vendor-Id: org.unicode\nBundle-SymbolicName: com.ibm.icu",
            "com.ibm.icu:icu4j"},
           {"junit-jupiter-api-5.7.0.jar", "Implementation-Vendor: junit.org",
            "junit-jupiter-api:junit-jupiter-api"},
           {"tomcat-jdbc.jar",
            "Bundle-Name: Apache Tomcat JDBC Connection Pool\nBundle-SymbolicName: org.apache.tomcat.jdbc\n"
            "Bundle-Version: 9.0.30",
            "org.apache.tomcat:tomcat-jdbc"},
           {"bootstrap.jar", "Implementation-Title: Apache Tomcat Bootstrap\nImplementation-Version: 9.0.30",
            "org.apache.tomcat:bootstrap"},
           {"micrometer-core.jar",
            "Implementation-Title: io.micrometer#micrometer-core;1.5.0\nImplementation-Version: 1.5.0",
            "io.micrometer:micrometer-core"},
       })) {
    const JarManifest manifest(one.manifest);
    const Artifact artifact = artifact_of_manifest(manifest, artifact_of_name(one.file, manifest));
    EXPECT_EQ(artifact.group + ":" + artifact.name, one.want) << one.file;
  }
}

TEST(JavaIdentity, classes_lie_below_the_group_that_their_artifact_is_called_after) {
  const auto of = [](std::string_view artifact, std::initializer_list<std::string_view> names) {
    std::vector<ZipEntry> members;
    for (const std::string_view name : names) members.push_back({.name = name});
    return group_of_classes(artifact, members);
  };
  EXPECT_EQ(of("grpc-core", {"META-INF/versions/9/A.class", "io/grpc/A.class", "io/grpc/internal/B.class"}),
            "io.grpc");
  EXPECT_EQ(of("kafka-streams", {"org/apache/kafka/streams/KafkaStreams.class"}), "org.apache.kafka");
  EXPECT_EQ(of("hive-exec", {"org/apache/hadoop/hive/ql/Driver.class"}), "") << "org.apache.hive";
  EXPECT_EQ(of("xml-resolver", {"org/apache/xml/resolver/Catalog.class"}), "") << "xml-resolver";
  EXPECT_EQ(of("grpc-core", {"io/grpc/A.class", "org/other/B.class"}), "");
  EXPECT_EQ(of("oro", {"org/apache/oro/io/AwkFilenameFilter.class"}), "");
  EXPECT_EQ(of("commons-chain", {"org/apache/commons/chain/Chain.class"}), "");
  EXPECT_EQ(of("kotlin-stdlib", {"kotlin/Unit.class"}), "");
  EXPECT_EQ(of("servlet-api", {"javax/servlet/Filter.class"}), "javax.servlet");
  EXPECT_EQ(of("classes-app", {"BOOT-INF/classes/App.class"}), "");
  EXPECT_EQ(of("app-core", {}), "");
}

TEST(JavaIdentity, a_series_in_the_name_of_a_file_is_no_version_where_the_manifest_has_one) {
  const Artifact file = artifact_of_name("spring3-core-3.x.jar");
  const Artifact spring = artifact_of_manifest(
      JarManifest("Implementation-Title: spring-core\nImplementation-Version: 4.3.30.RELEASE\n"), file);
  EXPECT_EQ(spring.group + ":" + spring.name + " " + spring.version,
            "org.springframework:spring-core 4.3.30.RELEASE");
  const Artifact untold = artifact_of_manifest(JarManifest(""), file);
  EXPECT_EQ(untold.name + " " + untold.version, "spring3-core 3.x");
  const Artifact with_group =
      artifact_of_manifest(JarManifest("Implementation-Version: 4.3.30.RELEASE\n"),
                           artifact_of_name("org.springframework.spring-core-4.x.jar"));
  EXPECT_EQ(with_group.group + ":" + with_group.name + " " + with_group.version,
            "org.springframework:spring-core 4.3.30.RELEASE");
}

}  // namespace
}  // namespace peekr
