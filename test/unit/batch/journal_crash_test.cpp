#include "journal_test_support.hpp"

#include <csignal>
#include <cstring>
#include <random>

namespace {

using namespace vidi::batch;
using namespace vidi::batch::test;

// Item i is answered with this, and its record ends at i * 10.
std::string text_of(std::uint64_t i) { return std::to_string(i) + std::string(i * 37 % 6000, '.'); }

void do_item(journal& journal, std::uint64_t i)
{
    auto const stands = journal.enter(item_at(i), question_of(i));
    journal.finish(stands.question, answer(text_of(i)));
    journal.report(i, i * 10);
}

// The items of the journal are 1 to n, all of them whole, where n is a sum of transactions.
std::uint64_t expect_whole(std::filesystem::path const& file)
{
    std::uint64_t items = 0;
    journal_reader{file}.each([&](origin const& origin, result const* result) {
        EXPECT_EQ(origin, item_at(++items));
        EXPECT_TRUE(result && result->text == text_of(items)) << "item " << items;
        return !::testing::Test::HasFailure();
    });
    EXPECT_EQ(journal_reader{file}.counts(), (journal_counts{items, items, items, 0, 0, 0, 0}));
    journal resumed{file, journal_mode::resume, "the job"};
    EXPECT_EQ(reported(resumed).size(), items);
    EXPECT_EQ(resumed.settle_output(items * 10), items * 10);
    return items;
}

class journal_crash : public journal_test
{
protected:
    // What a disk would have after a loss of power at this moment. A process of its own copies it:
    // that one of this process closes the files would take SQLite's locks away.
    void copy_to(std::filesystem::path const& copy)
    {
        ASSERT_EQ(
            status_of_child([&] {
                auto const overwrite = std::filesystem::copy_options::overwrite_existing;
                std::filesystem::copy_file(file, copy, overwrite);
                std::filesystem::copy_file(wal_of(file), wal_of(copy), overwrite);
            }),
            0);
    }

    static std::filesystem::path wal_of(std::filesystem::path const& file)
    {
        return file.string() + "-wal";
    }

    std::mt19937 random{20240607};
};

TEST_F(journal_crash, power_is_lost_between_any_two_steps)
{
    auto const copy = directory / "copy";
    auto const journal = create();
    std::uint64_t items = 0;
    for (int transaction = 0; transaction < 400; ++transaction) {
        std::uint64_t const committed = items;
        auto const size = random() % 50;
        auto const lost_after = random() % 500;
        journal->begin();
        for (std::size_t i = 0; i < size; ++i) {
            do_item(*journal, ++items);
            if (i == lost_after) {
                copy_to(copy);
                ASSERT_EQ(expect_whole(copy), committed);
            }
        }
        journal->commit();
        if (random() % 10 == 0) {
            copy_to(copy);
            ASSERT_EQ(expect_whole(copy), items);
        }
    }
}

// What was not yet forced to the disk may be there in part, or be garbage.
TEST_F(journal_crash, power_is_lost_while_a_transaction_is_written)
{
    auto const copy = directory / "copy";
    auto const journal = create();
    std::uint64_t committed = 0;
    for (int i = 0; i < 20; ++i)
        do_item(*journal, ++committed);
    auto const safe = std::filesystem::file_size(wal_of(file));
    // So much that it does not fit in SQLite's memory.
    journal->begin();
    for (std::uint64_t i = 1; i <= 4000; ++i)
        do_item(*journal, committed + i);
    ASSERT_GT(std::filesystem::file_size(wal_of(file)), safe + 1'000'000);
    for (int round = 0; round < 40; ++round) {
        copy_to(copy);
        auto const written = std::filesystem::file_size(wal_of(copy));
        auto const end = safe + random() % (written - safe);
        std::filesystem::resize_file(wal_of(copy), end);
        std::fstream wal{wal_of(copy), std::ios::in | std::ios::out | std::ios::binary};
        for (auto at = safe + random() % 100'000; at < end; at += random() % 100'000)
            wal.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(random()));
        wal.close();
        ASSERT_EQ(expect_whole(copy), committed);
    }
    journal->commit();
    copy_to(copy);
    EXPECT_EQ(expect_whole(copy), committed + 4000);
}

TEST_F(journal_crash, power_is_lost_within_the_commit)
{
    auto const copy = directory / "copy";
    auto const journal = create();
    do_item(*journal, 1);
    auto const safe = std::filesystem::file_size(wal_of(file));
    journal->begin();
    for (std::uint64_t i = 2; i <= 20; ++i)
        do_item(*journal, i);
    journal->commit();
    auto const written = std::filesystem::file_size(wal_of(file));
    for (auto end = safe; end <= written; end += end + 500 < written ? 499 : 1) {
        copy_to(copy);
        std::filesystem::resize_file(wal_of(copy), end);
        ASSERT_EQ(expect_whole(copy), end < written ? 1 : 20) << end << " of " << written;
    }
}

// Writes until it is killed, and tells the pipe after each commit how far it is.
[[noreturn]] void write_for_ever(std::filesystem::path const& file, int pipe)
{
    journal journal{
        file, std::filesystem::exists(file) ? journal_mode::resume : journal_mode::create,
        "the job"};
    for (std::uint64_t items = journal.counts().items;;) {
        journal.begin();
        for (int i = 0; i < 10; ++i)
            do_item(journal, ++items);
        journal.commit();
        if (write(pipe, &items, sizeof items) != sizeof items)
            _exit(1);
    }
}

TEST_F(journal_crash, killed_twenty_times)
{
    std::uint64_t told = 0;
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        pid_t const child = fork();
        if (child == 0)
            write_for_ever(file, ends[1]);
        close(ends[1]);
        // It goes on meanwhile, so that it is killed anywhere within what follows.
        for (auto commits = 1 + random() % 20; commits != 0; --commits)
            ASSERT_EQ(read(ends[0], &told, sizeof told), static_cast<ssize_t>(sizeof told));
        kill(child, SIGKILL);
        while (read(ends[0], &told, sizeof told) == sizeof told)
            ;
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_EQ(WTERMSIG(status), SIGKILL);
        auto const items = expect_whole(file);
        // The last commit may have been durable before its message was sent.
        ASSERT_TRUE(items == told || items == told + 10) << items << ", told " << told;
    }
}

} // namespace
