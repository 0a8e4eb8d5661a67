// Reads over a real connection: what clients see is what stands on the ledger, with its height and root.
#include "crypto/merkle.hpp"
#include "node/api/convert.hpp"
#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

using grpc::StatusCode;
using ledger::Choice;
using node::api::fixed_from;

Hash hash_of(const std::string& bytes) { return fixed_from<Hash>(bytes).value_or(Hash{}); }

TEST_F(ApiTest, InfoNamesTheLedgerAndEveryReadItsStateRoot) {
  const auto info = MOOT_CALL(status, GetInfo, pb::GetInfoRequest{});
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(info.organisation(), "Test Co-op");
  EXPECT_EQ(info.ledger_id(), text_of(node.world().signing().ledger_id.view()));
  node.commit();
  const auto now = MOOT_CALL(status, GetStatus, pb::GetStatusRequest{});
  EXPECT_EQ(now.context().height(), 1u);
  EXPECT_EQ(now.context().state_root(), text_of(node.world().root().view()));
  EXPECT_EQ(now.members(), 5u);
  EXPECT_TRUE(now.ready());
  const auto genesis = MOOT_CALL(blocks, GetGenesis, pb::GetGenesisRequest{});
  const auto decoded_genesis = decoded<ledger::Genesis>(as_bytes(genesis.genesis()));
  ASSERT_TRUE(decoded_genesis);
  EXPECT_EQ(genesis.ledger_id(), text_of(ledger::ledger_id(*decoded_genesis).view()));
}

TEST_F(ApiTest, AHaltedNodeSaysWhyAndAnswers) {
  EXPECT_EQ(MOOT_CALL(status, GetStatus, pb::GetStatusRequest{}).halted(), "");
  node.set_halted("block 1 would break the law of money");
  const auto now = MOOT_CALL(status, GetStatus, pb::GetStatusRequest{});
  EXPECT_EQ(now.halted(), "block 1 would break the law of money");
  EXPECT_TRUE(now.ready());
  EXPECT_FALSE(now.validating());
}

TEST_F(ApiTest, MembersAreFoundByIdAddressAndAccount) {
  pb::GetMemberRequest request;
  request.mutable_member()->set_address(text_of(test_address("m3").view()));
  const auto by_address = MOOT_CALL(governance, GetMember, request).member();
  EXPECT_EQ(by_address.id(), node.world().member("m3").value);
  EXPECT_EQ(by_address.status(), pb::MEMBER_STATUS_ACTIVE);
  EXPECT_EQ(by_address.holdings(0).units(), 40u);
  request.mutable_member()->set_account(node.world().account("m3").value);
  EXPECT_EQ(MOOT_CALL(governance, GetMember, request).member().id(), by_address.id());
  request.mutable_member()->set_member(99);
  MOOT_CALL(governance, GetMember, request);
  EXPECT_EQ(last.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(reason_of(last), "NOT_FOUND");
  request.mutable_member()->set_address("short");
  MOOT_CALL(governance, GetMember, request);
  EXPECT_EQ(reason_of(last), "FIELD_INVALID");
  request.clear_member();
  MOOT_CALL(governance, GetMember, request);
  EXPECT_EQ(reason_of(last), "FIELD_INVALID");
}

TEST_F(ApiTest, RegistersAreReadAtAHeight) {
  node.run("r0", ledger::GrantUnits{.share_class = ClassId{0},
                                    .grants = {{node.world().member("m4"), Units{5}}},
                                    .expires = TimeMs{node.world().now().raw() + kHour}});
  node.commit();
  pb::GetMemberRequest request;
  request.mutable_member()->set_member(node.world().member("m4").value);
  const auto newest = MOOT_CALL(governance, GetMember, request);
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(newest.member().holdings(0).units(), 55u);
  EXPECT_EQ(newest.values_height(), 2u);
  request.set_at_height(1);
  EXPECT_EQ(MOOT_CALL(governance, GetMember, request).member().holdings(0).units(), 55u);
  request.set_at_height(3);
  MOOT_CALL(governance, GetMember, request);
  EXPECT_EQ(last.error_code(), StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(reason_of(last), "HEIGHT_OUT_OF_RANGE");
}

TEST_F(ApiTest, AListingShowsOneHeightOnAllItsPages) {
  pb::ListMembersRequest request;
  request.set_page_size(2);
  const auto first = MOOT_CALL(governance, ListMembers, request);
  ASSERT_TRUE(last.ok()) << last.error_message();
  ASSERT_EQ(first.members_size(), 2);
  EXPECT_EQ(first.total_members(), 5u);
  node.run("r0", ledger::AdmitMembers{.share_class = ClassId{1},
                                      .members = {{test_address("new"), Units{1}, {}}},
                                      .expires = TimeMs{node.world().now().raw() + kHour}});
  request.set_page_token(first.next_page_token());
  const auto second = MOOT_CALL(governance, ListMembers, request);
  EXPECT_EQ(second.context().height(), first.context().height());
  request.set_page_token(second.next_page_token());
  const auto third = MOOT_CALL(governance, ListMembers, request);
  EXPECT_EQ(third.members_size(), 1) << "the member admitted meanwhile is not shown";
  EXPECT_EQ(third.members(0).id(), 4u);
  EXPECT_EQ(third.next_page_token(), "");
  request.set_page_token("");
  request.set_page_size(5'000);
  EXPECT_EQ(MOOT_CALL(governance, ListMembers, request).members_size(), 6)
      << "too large a page is made smaller, not refused";
}

TEST_F(ApiTest, PageTokensServeTheRequestTheyWereGivenFor) {
  pb::ListMembersRequest request;
  request.set_page_size(2);
  request.set_page_token(MOOT_CALL(governance, ListMembers, request).next_page_token());
  ASSERT_FALSE(request.page_token().empty());
  request.set_page_size(3);
  MOOT_CALL(governance, ListMembers, request);
  EXPECT_TRUE(last.ok()) << "a page's size may change";
  request.set_status(pb::MEMBER_STATUS_LEFT);
  MOOT_CALL(governance, ListMembers, request);
  EXPECT_EQ(last.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(reason_of(last), "PAGE_TOKEN_INVALID");
  pb::ListAssetsRequest other;
  other.set_page_token(request.page_token());
  MOOT_CALL(treasury, ListAssets, other);
  EXPECT_EQ(reason_of(last), "PAGE_TOKEN_INVALID");
  request.set_page_size(-1);
  MOOT_CALL(governance, ListMembers, request);
  EXPECT_EQ(reason_of(last), "FIELD_INVALID");
}

TEST_F(ApiTest, AListingTooOldIsEnded) {
  pb::ListMembersRequest request;
  request.set_page_size(1);
  const std::string oldest = MOOT_CALL(governance, ListMembers, request).next_page_token();
  for (int i = 0; i < 32; ++i) {
    node.commit();
    MOOT_CALL(governance, ListMembers, request);
  }
  request.set_page_token(oldest);
  MOOT_CALL(governance, ListMembers, request);
  EXPECT_EQ(last.error_code(), StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(reason_of(last), "PAGE_TOKEN_EXPIRED");
}

TEST_F(ApiTest, AVoteIsSeenWhileItRunsAndAfterItIsSealed) {
  const ProposalId id = node.propose(ledger::ProposalKind::text, {});
  node.run("m1", ledger::SetDelegate{test_address("m0")});
  const auto ballot = node.world().ballot("m0", id, Choice::in_favour);
  node.commit(std::span(&ballot, 1));
  pb::GetTallyRequest tally_request;
  tally_request.set_proposal(id.value);
  const auto tally = MOOT_CALL(governance, GetTally, tally_request);
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(tally.tally().counts().in_favour(), 1u);
  EXPECT_EQ(tally.tally().electorate(), 5u);
  EXPECT_EQ(tally.tally().quorum_needed(), 1u);
  EXPECT_TRUE(tally.tally().would_pass());
  pb::GetBallotRequest ballot_request;
  ballot_request.set_proposal(id.value);
  ballot_request.mutable_member()->set_address(text_of(test_address("m0").view()));
  const auto mine = MOOT_CALL(governance, GetBallot, ballot_request).ballot();
  EXPECT_EQ(mine.ballot().choice(), pb::CHOICE_FOR);
  EXPECT_EQ(mine.next_nonce(), 0u) << "vote change is off";
  ballot_request.mutable_member()->set_address(text_of(test_address("m2").view()));
  EXPECT_EQ(MOOT_CALL(governance, GetBallot, ballot_request).ballot().next_nonce(), 1u);

  node.commit(kHour);
  pb::GetProposalRequest proposal_request;
  proposal_request.set_proposal(id.value);
  const auto proposal = MOOT_CALL(governance, GetProposal, proposal_request).proposal();
  EXPECT_EQ(proposal.state(), pb::PROPOSAL_STATE_EXECUTED);
  EXPECT_EQ(proposal.body(), "Its text");
  EXPECT_FALSE(proposal.ballots_root().empty());
  pb::ListBallotsRequest list;
  list.set_proposal(id.value);
  const auto ballots = MOOT_CALL(governance, ListBallots, list);
  ASSERT_EQ(ballots.ballots_size(), 1);
  EXPECT_EQ(ballots.ballots(0).member(), node.world().member("m0").value);
  list.set_choice(pb::CHOICE_AGAINST);
  EXPECT_EQ(MOOT_CALL(governance, ListBallots, list).ballots_size(), 0);
  pb::ListProposalsRequest all;
  const auto listed = MOOT_CALL(governance, ListProposals, all);
  ASSERT_EQ(listed.proposals_size(), 1);
  EXPECT_EQ(listed.proposals(0).body(), "") << "a listing leaves the text out";
  all.add_states(pb::PROPOSAL_STATE_ACTIVE);
  EXPECT_EQ(MOOT_CALL(governance, ListProposals, all).proposals_size(), 0);
}

TEST_F(ApiTest, RulesRolesAndActionsAreListed) {
  EXPECT_EQ(MOOT_CALL(governance, GetPolicies, pb::GetPoliciesRequest{}).policies_size(), 9);
  const auto parameters = MOOT_CALL(governance, ListParameters, pb::ListParametersRequest{});
  EXPECT_EQ(parameters.parameters_size(), static_cast<int>(ledger::kParamCount));
  const auto roles = MOOT_CALL(governance, ListRoles, pb::ListRolesRequest{});
  ASSERT_EQ(roles.roles_size(), 6);
  EXPECT_EQ(roles.roles(2).threshold(), 2u);
  EXPECT_EQ(roles.roles(2).holders_size(), 3);
  pb::GetAccountRequest account;
  account.set_address(text_of(test_address("t0").view()));
  const auto treasurer = MOOT_CALL(governance, GetAccount, account);
  ASSERT_EQ(treasurer.roles_size(), 1);
  EXPECT_EQ(treasurer.roles(0), pb::ROLE_TREASURER);
  EXPECT_EQ(
      MOOT_CALL(governance, ListShareClasses, pb::ListShareClassesRequest{}).share_classes(0).total_units(),
      150u);
  EXPECT_EQ(MOOT_CALL(governance, ListActions, pb::ListActionsRequest{}).actions_size(), 0);
  EXPECT_EQ(MOOT_CALL(governance, ListPendingJoins, pb::ListPendingJoinsRequest{}).joins_size(), 0);
}

// ---- proofs, checked as a client would that trusts the root alone ----

Hash climb(const Hash& leaf, u64 index, const google::protobuf::RepeatedPtrField<std::string>& siblings) {
  Hash at = leaf;
  for (const std::string& sibling : siblings) {
    at = index % 2 == 0 ? ledger::node_hasher().pair(at, hash_of(sibling))
                        : ledger::node_hasher().pair(hash_of(sibling), at);
    index /= 2;
  }
  return at;
}

Hash table_root(const pb::Proof& proof) {
  const Hash leaf = crypto::tagged_hash(proof.leaf_tag(), as_bytes(proof.leaf()));
  return climb(leaf, proof.index(), proof.siblings());
}

void expect_proves(const pb::Proof& proof, const pb::ReadContext& context) {
  const Hash root = table_root(proof);
  EXPECT_EQ(proof.table_root(), text_of(root.view()));
  if (proof.has_outer()) {
    const auto proposal = decoded<ledger::Proposal>(as_bytes(proof.outer().record()));
    ASSERT_TRUE(proposal);
    EXPECT_EQ(proposal->ballots_root, root);
    expect_proves(proof.outer(), context);
    return;
  }
  EXPECT_EQ(proof.field_siblings_size(), 4);
  EXPECT_EQ(text_of(climb(root, proof.field_index(), proof.field_siblings()).view()), context.state_root());
}

TEST_F(ApiTest, ProofsLeadToTheStateRoot) {
  const ProposalId id = node.propose(ledger::ProposalKind::text, {});
  const auto ballot = node.world().ballot("m2", id, Choice::against);
  node.commit(std::span(&ballot, 1));
  std::vector<pb::GetProofRequest> requests(5);
  requests[0].mutable_member()->set_member(3);
  requests[1].set_account_address(text_of(test_address("m1").view()));
  requests[2].set_proposal(id.value);
  requests[3].set_asset(1);
  requests[4].set_share_class(0);
  for (const auto& request : requests) {
    const auto answer = MOOT_CALL(blocks, GetProof, request);
    ASSERT_TRUE(last.ok()) << last.error_message();
    expect_proves(answer.proof(), answer.context());
  }
  pb::GetProofRequest slots;
  slots.mutable_ballot()->set_proposal(id.value);
  slots.mutable_ballot()->mutable_member()->set_member(node.world().member("m2").value);
  for (const bool sealed : {false, true}) {
    if (sealed) node.commit(kHour);
    ASSERT_EQ(node.world().state().box(id) == nullptr, sealed);
    const auto answer = MOOT_CALL(blocks, GetProof, slots);
    ASSERT_TRUE(last.ok()) << last.error_message();
    expect_proves(answer.proof(), answer.context());
    const auto chunk = decoded<ledger::SlotChunk>(as_bytes(answer.proof().leaf()));
    ASSERT_TRUE(chunk);
    EXPECT_EQ(ledger::Slot::unpacked(chunk->slots[node.world().member("m2").value]).choice, Choice::against);
    EXPECT_EQ(chunk->slots[node.world().member("m0").value], 0u)
        << "an empty slot proves that no ballot was cast";
  }
}

TEST_F(ApiTest, AnAddressWithoutAccountIsProvedAbsent) {
  const Address stranger = test_address("stranger");
  pb::GetProofRequest request;
  request.set_account_address(text_of(stranger.view()));
  const auto answer = MOOT_CALL(blocks, GetProof, request);
  ASSERT_TRUE(last.ok()) << last.error_message();
  expect_proves(answer.proof(), answer.context());
  const auto account = decoded<ledger::Account>(as_bytes(answer.proof().record()));
  ASSERT_TRUE(account);
  EXPECT_LT(account->address, stranger);
  EXPECT_TRUE(account->next_address.is_zero() || stranger < account->next_address);
}

TEST_F(ApiTest, AConfirmationIsProved_3_8) {
  node.run("m3", ledger::Confirm{});
  pb::GetProofRequest request;
  request.mutable_confirmation()->set_member(3);
  const auto answer = MOOT_CALL(blocks, GetProof, request);
  ASSERT_TRUE(last.ok()) << last.error_message();
  expect_proves(answer.proof(), answer.context());
  const auto chunk = decoded<ledger::ConfirmedChunk>(as_bytes(answer.proof().leaf()));
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->heights[3], 2u) << "the first block, plus one";
  EXPECT_EQ(chunk->heights[2], 0u) << "not yet";
}

TEST_F(ApiTest, WhatWasUsedIsProvedAndWhatWasNotIsProvedAbsent_3_7) {
  ledger::State& state = node.world().mutable_state();
  const Hash used = ledger::text_hash("one"), unused = ledger::text_hash("two");
  ledger::use_key(state, ledger::UsedDomain::invite, used);
  node.commit();
  const auto proved = [&](const Hash& key) {
    pb::GetProofRequest request;
    request.mutable_used()->set_domain(4);
    request.mutable_used()->set_key(text_of(key.view()));
    const auto answer = MOOT_CALL(blocks, GetProof, request);
    EXPECT_TRUE(last.ok()) << last.error_message();
    expect_proves(answer.proof(), answer.context());
    return decoded<ledger::UsedKey>(as_bytes(answer.proof().leaf())).value_or(ledger::UsedKey{});
  };
  EXPECT_EQ(proved(used).key, used);
  const ledger::UsedKey before = proved(unused);
  EXPECT_LT(std::pair(before.domain, before.key), std::pair(u8{4}, unused));
  EXPECT_TRUE(before.next_domain == 0 ||
              std::pair(before.next_domain, before.next_key) > std::pair(u8{4}, unused));
  pb::GetProofRequest wrong;
  wrong.mutable_used()->set_domain(5);
  wrong.mutable_used()->set_key(text_of(unused.view()));
  MOOT_CALL(blocks, GetProof, wrong);
  EXPECT_EQ(last.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ApiTest, AReceiptIsProvedInItsBlockAndInTheHistory) {
  const auto tx = node.world().sign("m0", ledger::SetDelegate{test_address("m1")});
  node.commit(std::span(&tx, 1));
  node.commit();
  node.commit();
  pb::GetReceiptRequest request;
  request.set_tx_id(text_of(tx.id.view()));
  const auto answer = MOOT_CALL(blocks, GetReceipt, request);
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_TRUE(answer.receipt().done());
  EXPECT_EQ(answer.receipt().height(), 1u);
  const crypto::MerkleHasher receipts(answer.in_block().tree());
  const crypto::InclusionClaim in_block{receipts.leaf(as_bytes(answer.receipt().encoded())),
                                        answer.in_block().index(), answer.in_block().size(),
                                        hash_of(answer.block().receipts_root())};
  EXPECT_TRUE(crypto::verify_inclusion(receipts, in_block, {}));  // one receipt: no siblings

  const crypto::MerkleHasher history(answer.in_history().tree());
  crypto::MerkleProof path;
  for (const auto& sibling : answer.in_history().siblings()) path.push_back(hash_of(sibling));
  const ledger::BlockRoots roots{.height = Height{1},
                                 .time = TimeMs{answer.block().time_ms()},
                                 .tx_root = hash_of(answer.block().tx_root()),
                                 .faults_root = hash_of(answer.block().faults_root()),
                                 .receipts_root = hash_of(answer.block().receipts_root()),
                                 .state_root = hash_of(answer.block().state_root()).as<StateRoot>()};
  const crypto::InclusionClaim in_history{ledger::history_leaf(roots), 1, answer.in_history().size(),
                                          hash_of(answer.in_history().root())};
  EXPECT_EQ(answer.in_history().size(), 3u);
  EXPECT_TRUE(crypto::verify_inclusion(history, in_history, path));
  EXPECT_EQ(
      text_of(climb(hash_of(answer.in_history().root()), answer.history_field(), answer.history_siblings())
                  .view()),
      answer.context().state_root());
}

TEST_F(ApiTest, BlocksAreReadByHeight) {
  node.run("m0", ledger::SetDelegate{test_address("m1")});
  pb::GetBlockRequest request;
  request.set_include_receipts(true);
  const auto newest = MOOT_CALL(blocks, GetBlock, request);
  EXPECT_EQ(newest.block().height(), 1u);
  EXPECT_EQ(newest.receipts_size(), 1);
  request.set_height(0);
  EXPECT_EQ(MOOT_CALL(blocks, GetBlock, request).block().height(), 0u);
  request.set_height(2);
  MOOT_CALL(blocks, GetBlock, request);
  EXPECT_EQ(last.error_code(), StatusCode::OUT_OF_RANGE);
}

}  // namespace
}  // namespace moot::test
