#include "journal_test_support.hpp"

#include <sys/stat.h>

#include <random>
#include <sqlite3.h>

namespace {

using namespace vidi::batch;
using namespace vidi::batch::test;

class hostile_journal : public journal_test
{
protected:
    // A journal of three items: an answer, a failure, and one in flight.
    void make()
    {
        auto const journal = create();
        result done = answer("cat");
        done.usage.emplace();
        done.usage->additional = {{"x", 1}};
        journal->finish(journal->enter(item_at(1), question_of(1)).question, done);
        journal->report(1, 10);
        journal->finish(journal->enter(item_at(2), question_of(2)).question, failed("refused"));
        journal->report(2, 20);
        journal->enter(item_at(3), question_of(3));
    }

    void execute(std::string const& sql)
    {
        sqlite3* database = nullptr;
        ASSERT_EQ(sqlite3_open(file.c_str(), &database), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(database) << ": " << sql;
        EXPECT_EQ(sqlite3_close(database), SQLITE_OK);
    }

    void write(std::string const& bytes)
    {
        std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
    }

    std::string bytes()
    {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    // Uses the journal in every way.
    void use_all()
    {
        read_all(file);
        journal_reader{file}.counts();
        auto const journal = resume();
        reported(*journal);
        journal->settle_output(15);
        reported(*journal);
        for (std::uint64_t i = 1; i <= 4; ++i) {
            auto const stands = journal->enter(item_at(i), question_of(i));
            if (!stands.result)
                journal->finish(stands.question, answer("dog"));
        }
        journal->reopen_failed();
    }

    // Both ways of opening it say this.
    void expect_refused(std::string const& what)
    {
        for (auto const& error : {error_of([&] { resume(); }), error_of([&] { read_all(file); })}) {
            EXPECT_NE(error.find(what), std::string::npos) << error << " instead of " << what;
            EXPECT_NE(error.find(file.string()), std::string::npos) << error;
        }
    }
};

TEST_F(hostile_journal, that_is_not_there) { expect_refused("no such journal"); }

TEST_F(hostile_journal, that_is_there_is_not_replaced)
{
    make();
    EXPECT_NE(error_of([&] { create(); }).find("there is a journal"), std::string::npos);
    EXPECT_EQ(read_all(file).size(), 3U);
}

TEST_F(hostile_journal, of_another_job)
{
    make();
    auto const error = error_of([&] { journal{file, journal_mode::resume, "the other job"}; });
    EXPECT_NE(error.find("another job"), std::string::npos) << error;
}

TEST_F(hostile_journal, empty_is_one_whose_job_was_ended_while_it_began)
{
    write("");
    EXPECT_NE(
        error_of([&] { read_all(file); }).find("nothing is in this journal"), std::string::npos);
    EXPECT_EQ(error_of([&] { resume(); }), "");
    EXPECT_TRUE(read_all(file).empty());
    EXPECT_NE(
        error_of([&] {
            journal{file, journal_mode::resume, "the other job"};
        }).find("another job"),
        std::string::npos);
}

TEST_F(hostile_journal, garbage)
{
    write(std::string(100'000, 'x'));
    expect_refused("is no journal");
    write("{}\n");
    expect_refused("is no journal");
}

TEST_F(hostile_journal, no_file)
{
    std::filesystem::create_directory(file);
    expect_refused("not a file");
    std::filesystem::remove(file);
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
    expect_refused("not a file");
}

TEST_F(hostile_journal, of_another_program)
{
    execute("CREATE TABLE t(x)");
    expect_refused("another program");
    execute("PRAGMA application_id = 7");
    expect_refused("another program");
}

TEST_F(hostile_journal, of_another_version)
{
    make();
    execute("PRAGMA user_version = 2");
    expect_refused("format 2");
}

TEST_F(hostile_journal, with_other_tables)
{
    make();
    execute("CREATE TRIGGER t AFTER UPDATE ON entry BEGIN DELETE FROM question; END");
    expect_refused("damaged");
    execute("DROP TRIGGER t; ALTER TABLE entry ADD COLUMN more");
    expect_refused("damaged");
    execute("ALTER TABLE entry DROP COLUMN more");
    EXPECT_EQ(error_of([&] { use_all(); }), "");
    execute("DROP TABLE entry; CREATE VIEW entry AS SELECT * FROM question");
    expect_refused("damaged");
}

TEST_F(hostile_journal, truncated_anywhere)
{
    make();
    auto const whole = bytes();
    for (std::size_t size = 0; size < whole.size(); size += size < 600 ? 37 : 1021) {
        write(whole.substr(0, size));
        EXPECT_NE(error_of([&] { use_all(); }), "") << size << " of " << whole.size();
    }
}

TEST_F(hostile_journal, with_bytes_changed_anywhere)
{
    make();
    auto const whole = bytes();
    std::mt19937 random{7};
    int refused = 0;
    for (int round = 0; round < 1500; ++round) {
        auto changed = whole;
        // Most of the file is empty; what is not is at the ends of its pages.
        for (auto n = 1 + random() % 4; n > 0; --n) {
            std::size_t at = random() % changed.size();
            while (changed[at] == 0)
                at = random() % changed.size();
            changed[at] = static_cast<char>(random());
        }
        write(changed);
        refused += !error_of([&] { use_all(); }).empty();
        for (auto const* suffix : {"-wal", "-shm"})
            std::filesystem::remove(file.string() + suffix);
    }
    EXPECT_GT(refused, 100);
}

struct change_case
{
    char const* name;
    char const* sql;
};

class changed_journal : public hostile_journal, public ::testing::WithParamInterface<change_case>
{
};

TEST_P(changed_journal, is_damaged)
{
    make();
    execute(GetParam().sql);
    auto const error = error_of([&] { use_all(); });
    EXPECT_NE(error.find("damaged"), std::string::npos) << error;
    EXPECT_NE(error.find(file.string()), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(
    all, changed_journal,
    ::testing::Values(
        change_case{"id_no_json", "UPDATE entry SET id = '{'"},
        change_case{"id_two_values", "UPDATE entry SET id = '1 2'"},
        change_case{"id_number", "UPDATE entry SET id = x'00' WHERE position = 3"},
        change_case{
            "id_deep", "UPDATE entry SET id = (SELECT replace(hex(zeroblob(100000)), '0', '['))"},
        change_case{"image_not_utf8", "UPDATE entry SET image = CAST(x'c328' AS TEXT)"},
        change_case{"text_not_utf8", "UPDATE result SET text = CAST(x'ff' AS TEXT)"},
        change_case{"failed_unknown", "UPDATE result SET failed = 2"},
        change_case{"failed_text", "UPDATE result SET failed = 'done'"},
        change_case{"failed_without_failure", "UPDATE result SET failed = 1"},
        change_case{"interrupted_negative", "UPDATE question SET interrupted = -1"},
        change_case{"interrupted_huge", "UPDATE result SET interrupted = 4294967296"},
        change_case{"attempts_text", "UPDATE result SET attempts = 'many'"},
        change_case{"duration_real", "UPDATE result SET duration = 1.5"},
        change_case{"completed_text", "UPDATE result SET completed = 'now'"},
        change_case{
            "usage_in_part",
            "UPDATE result SET total_tokens = NULL WHERE input_tokens IS NOT NULL"},
        change_case{"usage_additional", "UPDATE result SET usage_additional = '[{},{}]'"},
        change_case{
            "usage_additional_no_objects", "UPDATE result SET usage_additional = '[{},1,{}]'"},
        change_case{"position_negative", "UPDATE entry SET position = -5 WHERE position = 1"},
        change_case{"end_negative", "UPDATE entry SET output_end = -5"},
        change_case{"end_text", "UPDATE entry SET output_end = 'x'"},
        change_case{"question_missing", "DELETE FROM question WHERE number = 1"},
        change_case{"reported_without_result", "DELETE FROM result"},
        change_case{"counts_missing", "DELETE FROM counts"},
        change_case{"counts_negative", "UPDATE counts SET items = -1"},
        change_case{"tokens_negative", "UPDATE counts SET output_tokens = -1"},
        change_case{"counts_text", "UPDATE counts SET input_tokens = 'many'"},
        change_case{"job_missing", "DELETE FROM job WHERE key = 'job'"},
        change_case{"run_missing", "DELETE FROM job WHERE key = 'run'"},
        change_case{"run_text", "UPDATE job SET value = 'x' WHERE key = 'run'"},
        change_case{"run_huge", "UPDATE job SET value = 9223372036854775807 WHERE key = 'run'"}),
    [](auto const& of) { return of.param.name; });

} // namespace
