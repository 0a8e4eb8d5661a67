#include "audit/archive.hpp"

#include "tests/unit/audit/fixture.hpp"

namespace moot::audit {
namespace {

using test::Chronicle;

Report replayed_file(const TemporaryFile& file, const ReplayOptions& options = {}) {
  auto source = open_archive(file.path());
  if (!source) {
    Report report;
    report.findings.problem =
        Problem{.height = {}, .transaction = {}, .check = Check::damage, .what = source.error().what};
    return report;
  }
  return replayed(**source, options);
}

// Where each record begins, and where the file ends.
std::vector<std::size_t> record_starts(const Bytes& bytes) {
  std::vector<std::size_t> out{10};
  while (out.back() < bytes.size()) {
    const std::size_t at = out.back();
    const std::size_t length = std::size_t{bytes[at + 1]} << 24 | std::size_t{bytes[at + 2]} << 16 |
                               std::size_t{bytes[at + 3]} << 8 | bytes[at + 4];
    out.push_back(at + 5 + length + 8);
  }
  return out;
}

TEST(Archive, GivesBackWhatWasWritten) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  auto reader = ArchiveReader::open(file.path());
  ASSERT_TRUE(reader) << reader.error();
  EXPECT_EQ(reader->promised_height(), story().world().height());
  EXPECT_EQ(reader->genesis().value(), story().chronicle().genesis());
  for (const RawBlock& expected : story().chronicle().blocks()) EXPECT_EQ(reader->next().value(), expected);
  EXPECT_FALSE(reader->footer());
  EXPECT_EQ(reader->next().value(), std::nullopt);
  EXPECT_EQ(reader->footer(), story().chronicle().footer());
  EXPECT_EQ(reader->next().value(), std::nullopt) << "the end stays the end";
}

TEST(Archive, ReplaysToTheSameStateRootAsTheLedgerItself) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  const Report report = replayed_file(file);
  ASSERT_TRUE(report.good()) << problem_text(report);
  EXPECT_EQ(report.findings.state_root, story().world().root());
  EXPECT_EQ(report_hash(report.findings), report_hash(replayed(story().chronicle()).findings));
}

TEST(Archive, OfALedgerWithoutBlocksIsWhole) {
  const TemporaryFile file;
  write_archive(Chronicle(story().genesis()), file);
  const Report report = replayed_file(file);
  EXPECT_TRUE(report.good()) << problem_text(report);
}

TEST(Archive, AnyFlippedByteIsFoundAndItsRecordNamed) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  const Bytes good = file.read();
  const auto starts = record_starts(good);
  ASSERT_EQ(starts.size(), story().chronicle().blocks().size() + 3) << "genesis, blocks, footer, end";
  const std::size_t footer = starts.size() - 2;
  std::size_t record = 0;
  for (std::size_t at = 0; at < good.size(); at += 11) {
    SCOPED_TRACE("byte " + std::to_string(at));
    while (record + 1 < starts.size() && at >= starts[record + 1]) ++record;
    Bytes bad = good;
    bad[at] ^= 0x40;
    file.write(bad);
    auto source = open_archive(file.path());
    if (at < starts[0]) {
      ASSERT_FALSE(source);
      EXPECT_EQ(source.error().kind, SourceFault::damaged);
      continue;
    }
    ASSERT_TRUE(source);
    const auto found = verify_chain(**source, {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().check, record == footer ? Check::footer : Check::damage);
    EXPECT_EQ(found.error().height.raw(), record == footer ? record - 1 : record) << found.error().what;
    const std::string name = record == 0        ? "the genesis"
                             : record == footer ? "the footer"
                                                : "block " + std::to_string(record);
    const std::string expected = "record " + std::to_string(record) + " (" + name + ") is damaged at byte " +
                                 std::to_string(starts[record]);
    EXPECT_NE(found.error().what.find(expected), std::string::npos) << found.error().what;
  }
}

// A damaged byte in the archive of the story: where in the record of block `height` the part is found, and which of its
// bytes changes.
struct Damage {
  u64 height;
  const Bytes& part;
  std::size_t byte;
};

Problem problem_of(const Damage& damage) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  Bytes bytes = file.read();
  const auto record = bytes.begin() + static_cast<std::ptrdiff_t>(record_starts(bytes)[damage.height]);
  const auto part = std::search(record, bytes.end(), damage.part.begin(), damage.part.end());
  *(part + static_cast<std::ptrdiff_t>(damage.byte)) ^= 0x10;
  file.write(bytes);
  const Report report = replayed_file(file);
  EXPECT_EQ(report.findings.to.raw(), damage.height - 1) << "what is before it is good";
  return report.findings.problem.value_or(Problem{});
}

void expect_damage(const Problem& found, u64 height, std::optional<u64> transaction,
                   const std::string& reason) {
  EXPECT_EQ(found.check, Check::damage);
  EXPECT_EQ(found.height.raw(), height);
  EXPECT_EQ(found.transaction, transaction);
  EXPECT_NE(found.what.find("its checksum does not match; "), std::string::npos) << found.what;
  EXPECT_NE(found.what.find(reason), std::string::npos) << found.what;
}

TEST(Archive, ADamagedBlockIsJudgedSoThatItsFirstBadTransactionIsNamed) {
  const u64 height = story().find(ledger::TxKind::vote).height;
  const RawBlock& block = story().chronicle().blocks()[height - 1];
  ASSERT_GE(block.envelopes.size(), 3u);
  const std::size_t signature = block.envelopes[1].size() - 40;
  expect_damage(problem_of({height, block.envelopes[0], 0}), height, 0,
                "transaction 0 in it is bad: transaction: ");
  expect_damage(problem_of({height, block.envelopes[1], signature}), height, 1,
                "transaction 1 in it is bad: signature: ");
  expect_damage(problem_of({height, block.header, 70}), height, std::nullopt,
                "the block in it is bad: link: ");
  expect_damage(problem_of({height, block.finalization, block.finalization.size() - 1}), height, std::nullopt,
                "the block in it is bad: link: ");
}

TEST(Archive, ADamagedChecksumIsNotBlamedOnItsBlock) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  Bytes bytes = file.read();
  bytes[record_starts(bytes)[4] - 1] ^= 1;
  file.write(bytes);
  const Report report = replayed_file(file);
  ASSERT_FALSE(report.good());
  expect_damage(*report.findings.problem, 3, std::nullopt, "the block in it is in order all the same");
  EXPECT_EQ(report.findings.to, Height{2}) << "a damaged record is not taken";
}

TEST(Archive, DamageInTheFooterIsNoBlocks) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  const Bytes good = file.read();
  const auto starts = record_starts(good);
  const Height last = story().world().height();
  for (std::size_t at = starts[starts.size() - 2]; at < good.size(); at += 9) {
    SCOPED_TRACE("byte " + std::to_string(at));
    Bytes bad = good;
    bad[at] ^= 0x40;
    file.write(bad);
    const Report report = replayed_file(file);
    ASSERT_FALSE(report.good());
    EXPECT_EQ(report.findings.problem->check, Check::footer) << problem_text(report);
    EXPECT_EQ(report.findings.problem->height, last);
    EXPECT_EQ(report.findings.to, last) << "every block is good";
    EXPECT_NE(problem_text(report).find("(the footer) is damaged"), std::string::npos)
        << problem_text(report);
  }
}

TEST(Archive, ThatIsCutOffIsRefusedWhereverItIsCut) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  const Bytes good = file.read();
  std::vector<std::size_t> sizes = record_starts(good);
  sizes.pop_back();  // the whole
  const std::size_t footer = sizes.back();
  for (std::size_t at = 0; at < good.size(); at += 97) sizes.push_back(at);
  for (const std::size_t size : sizes) {
    SCOPED_TRACE("cut to " + std::to_string(size));
    file.write(ByteView(good).first(size));
    const Report report = replayed_file(file);
    ASSERT_FALSE(report.good());
    EXPECT_EQ(report.findings.problem->check, size > footer + 4 ? Check::footer : Check::damage)
        << problem_text(report);
    EXPECT_NE(problem_text(report).find(file.path()), std::string::npos);
  }
}

TEST(Archive, WithoutItsFooterSaysThatItWasNotWrittenToItsEnd) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  const Bytes good = file.read();
  const auto starts = record_starts(good);
  file.write(ByteView(good).first(starts[starts.size() - 2]));
  EXPECT_NE(problem_text(replayed_file(file)).find("without its footer"), std::string::npos);
}

TEST(Archive, AMovedOrMissingRecordIsNamed) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  const Bytes good = file.read();
  const auto starts = record_starts(good);
  const ByteView all = good;
  Bytes without(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(starts[5]));
  without.insert(without.end(), all.begin() + static_cast<std::ptrdiff_t>(starts[6]), all.end());
  file.write(without);
  const Report report = replayed_file(file);
  ASSERT_FALSE(report.good());
  EXPECT_EQ(report.findings.problem->height, Height{5});
  EXPECT_NE(problem_text(report).find("it holds block 6 where block 5 is due"), std::string::npos)
      << problem_text(report);
}

TEST(Archive, TrailingBytesAreRefused) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  Bytes more = file.read();
  more.push_back(0);
  file.write(more);
  EXPECT_NE(problem_text(replayed_file(file)).find("the footer is not the end of the file"),
            std::string::npos);
}

TEST(Archive, AFooterThatDoesNotFitTheBlocksIsFound) {
  const TemporaryFile file;
  const Chronicle& chronicle = story().chronicle();
  for (const bool lies_of_state : {true, false}) {
    auto writer = ArchiveWriter::create(file.path()).value();
    ASSERT_TRUE(writer.add_genesis(chronicle.genesis()));
    for (const RawBlock& block : chronicle.blocks()) ASSERT_TRUE(writer.add_block(block));
    Footer footer = chronicle.footer();
    (lies_of_state ? footer.state_root.bytes[0] : footer.block_hash.bytes[0]) ^= 1;
    ASSERT_TRUE(writer.finish(footer));
    const Report report = replayed_file(file);
    ASSERT_FALSE(report.good());
    EXPECT_EQ(report.findings.problem->check, Check::footer);
    // Stopping before the end, nobody asks how it ends.
    EXPECT_TRUE(replayed_file(file, {.stop_at = Height{3}}).good());
  }
}

TEST(Archive, ALyingLengthAllocatesNothing) {
  const TemporaryFile file;
  Writer out;
  out.raw(as_bytes(kArchiveMagic));
  out.put(kArchiveVersion);
  out.put(u8{1});
  out.put(u32{0x7fff'ffff});
  file.write(out.view());
  EXPECT_NE(problem_text(replayed_file(file)).find("the file ends inside it"), std::string::npos);
}

TEST(Archive, ThatIsNoneIsRefusedInOneSentence) {
  const TemporaryFile file;
  EXPECT_EQ(open_archive(file.path()).error().kind, SourceFault::unusable) << "there is no such file";
  file.write(as_bytes("{\"a\": \"genesis\"}"));
  const auto other = open_archive(file.path());
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().what.find("it is not an archive of a ledger"), std::string::npos)
      << other.error().what;
  Writer future;
  future.raw(as_bytes(kArchiveMagic));
  future.put(u16{9});
  file.write(future.view());
  const auto newer = open_archive(file.path());
  ASSERT_FALSE(newer);
  EXPECT_NE(newer.error().what.find("it is of version 9; this program reads version 1"), std::string::npos);
  EXPECT_FALSE(open_archive(std::filesystem::temp_directory_path().string())) << "a folder";
}

TEST(Archive, HasNoNameBeforeItIsWhole) {
  const TemporaryFile file;
  {
    auto writer = ArchiveWriter::create(file.path()).value();
    ASSERT_TRUE(writer.add_genesis(story().chronicle().genesis()));
    EXPECT_FALSE(std::filesystem::exists(file.path()));
    EXPECT_TRUE(std::filesystem::exists(file.part()));
  }
  EXPECT_FALSE(std::filesystem::exists(file.part())) << "what was given up is cleared away";
  const auto nowhere = ArchiveWriter::create("/nonexistent folder/archive");
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().find("No such file or directory"), std::string::npos);
}

TEST(Archive, AFullDiskIsSaidAndLeavesNothingBehind) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const TemporaryFile file;
  std::filesystem::create_symlink("/dev/full", file.part());
  test::ChronicleSource source(story().chronicle());
  const auto footer = export_archive(source, file.path());
  ASSERT_FALSE(footer);
  EXPECT_NE(footer.error().what.find("No space left on device"), std::string::npos) << footer.error().what;
  EXPECT_FALSE(std::filesystem::exists(file.path()));
}

TEST(Export, RefusesBlocksThatAreNoChain) {
  const TemporaryFile file;
  Chronicle chronicle = story().chronicle();
  chronicle.blocks().erase(chronicle.blocks().begin() + 2);
  test::ChronicleSource source(chronicle);
  const auto footer = export_archive(source, file.path());
  ASSERT_FALSE(footer);
  EXPECT_EQ(footer.error().kind, SourceFault::damaged);
  EXPECT_FALSE(std::filesystem::exists(file.path()));
}

TEST(VerifyChain, ReadsTheWholeFileAndExecutesNothing) {
  const TemporaryFile file;
  write_archive(story().chronicle(), file);
  auto source = open_archive(file.path());
  ASSERT_TRUE(source);
  const auto found = verify_chain(**source, {});
  ASSERT_TRUE(found) << sentence(found.error());
  EXPECT_EQ(*found, story().chronicle().footer());
}

}  // namespace
}  // namespace moot::audit
