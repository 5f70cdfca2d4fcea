use scrip_server::{
    ids::{AccountId, EmbedId, PickaxeId},
    store::StoreError,
};

use super::harness::{Ledger, refusal};

conformance! {
    async fn a_document_changes_only_from_the_version_that_was_read(ledger: &Ledger) {
        let store = ledger.store();
        let one = store.pickaxe(ledger.pickaxe).await.unwrap();
        let two = store.update_pickaxe(ledger.owner, ledger.pickaxe, Some(one.version), "2".to_owned()).await.unwrap();
        assert_eq!((two.version, two.body.as_str()), (one.version + 1, "2"));
        let stale = store.update_pickaxe(ledger.owner, ledger.pickaxe, Some(one.version), "3".to_owned()).await;
        assert!(matches!(stale, Err(StoreError::EditConflict)));
        let three = store.update_pickaxe(ledger.owner, ledger.pickaxe, None, "3".to_owned()).await.unwrap();
        assert_eq!(three.version, two.version + 1);
    }

    async fn another_accounts_document_cannot_be_changed(ledger: &Ledger) {
        let (store, other) = (ledger.store(), AccountId::generate());
        ledger.new_account(other, "25").await.unwrap();
        let body = || "{}".to_owned();
        assert!(matches!(store.update_pickaxe(other, ledger.pickaxe, None, body()).await, Err(StoreError::NotFound)));
        assert!(matches!(store.delete_pickaxe(other, ledger.pickaxe).await, Err(StoreError::NotFound)));
        assert!(matches!(store.update_embed(other, ledger.embed, None, body()).await, Err(StoreError::NotFound)));
        assert!(matches!(store.delete_embed(other, ledger.embed).await, Err(StoreError::NotFound)));
        let embed = store.create_embed(other, ledger.pickaxe, EmbedId::generate(), body()).await;
        assert!(matches!(embed, Err(StoreError::NotFound)));
    }

    async fn allowed_origins_are_known_as_long_as_their_embed_lives(ledger: &Ledger) {
        let store = ledger.store();
        let body = |origin: &str| format!(r#"{{"allowed_origins":["{origin}"]}}"#);
        store.update_embed(ledger.owner, ledger.embed, None, body("https://a.example")).await.unwrap();
        assert!(store.origin_is_known("https://a.example").await.unwrap());
        store.update_embed(ledger.owner, ledger.embed, None, body("https://b.example")).await.unwrap();
        assert!(!store.origin_is_known("https://a.example").await.unwrap());
        store.delete_pickaxe(ledger.owner, ledger.pickaxe).await.unwrap();
        assert!(!store.origin_is_known("https://b.example").await.unwrap());
        assert!(matches!(store.embed(ledger.embed).await, Err(StoreError::NotFound)));
    }

    async fn a_deleted_embed_runs_no_more_and_its_history_stays(ledger: &Ledger) {
        let run = ledger.start_run(Some(ledger.cap("ann", None))).await.unwrap();
        ledger.store().delete_embed(ledger.owner, ledger.embed).await.unwrap();
        let done = ledger.finish(run.id, Some("1")).await.unwrap();
        let row = ledger.store().transaction(ledger.owner, done.transaction.unwrap()).await.unwrap();
        assert_eq!((row.embed, row.visitor.unwrap().as_str()), (Some(ledger.embed), "ann"));
        let refused = ledger.start_run(Some(ledger.cap("ann", None))).await;
        assert!(matches!(refused, Err(StoreError::NotFound)));
    }

    async fn pages_of_documents(ledger: &Ledger) {
        let store = ledger.store();
        for place in 0..5 {
            store.create_pickaxe(ledger.owner, PickaxeId::generate(), place.to_string()).await.unwrap();
        }
        let mut query = super::listing::all();
        query.limit = 3;
        let first = store.pickaxes(ledger.owner, query.clone()).await.unwrap();
        query.cursor = first.next_cursor;
        let second = store.pickaxes(ledger.owner, query).await.unwrap();
        let bodies: Vec<_> = first.data.iter().chain(&second.data).map(|pickaxe| pickaxe.body.as_str()).collect();
        assert_eq!((bodies, second.next_cursor), (vec!["4", "3", "2", "1", "0", "{}"], None));
        let embeds = store.embeds(ledger.owner, ledger.pickaxe, super::listing::all()).await.unwrap();
        assert_eq!(embeds.data.len(), 1);
    }

    async fn an_address_has_one_account(ledger: &Ledger) {
        assert!(matches!(ledger.new_account(ledger.owner, "25").await, Err(StoreError::EmailTaken)));
        let email = format!("{}@EXAMPLE.com", ledger.owner);
        assert_eq!(ledger.store().account_by_email(&email).await.unwrap().id, ledger.owner);
    }

    async fn a_deleted_key_opens_nothing(ledger: &Ledger) {
        let store = ledger.store();
        let hash = std::array::from_fn(|place| ledger.owner.as_bytes()[place % 16]);
        let key = store.key_by_secret(hash).await.unwrap();
        assert_eq!((key.account, store.key(key.id).await.unwrap()), (ledger.owner, key.clone()));
        assert_eq!(store.keys(ledger.owner).await.unwrap(), std::slice::from_ref(&key));
        store.delete_key(ledger.owner, key.id).await.unwrap();
        assert!(matches!(store.key_by_secret(hash).await, Err(StoreError::NotFound)));
        assert!(matches!(store.key(key.id).await, Err(StoreError::NotFound)));
    }

    async fn an_account_may_be_larger_than_any_amount_only_by_refusal(ledger: &Ledger) {
        let other = AccountId::generate();
        ledger.new_account(other, "9000000000").await.unwrap();
        let grant = scrip_server::store::Action::TopUp {
            kind: scrip_server::store::TransactionKind::Grant,
            top_up: None,
            amount: scrip::Credits::ONE,
            note: None,
        };
        let answer = ledger
            .store()
            .submit(scrip_server::store::Movement { account: other, idempotency: None, action: grant })
            .await;
        assert_eq!(refusal(answer).0, scrip::Error::Overflow);
    }
}
