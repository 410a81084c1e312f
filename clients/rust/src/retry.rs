//! Patience: a lost connection is no error at first.

use std::time::Duration;

use tonic::{Response, Status};

use crate::{Error, Host, Result};

// Attempts without progress before a lost connection is given up.
const MAX_ATTEMPTS: u32 = 6;
const FIRST_DELAY: Duration = Duration::from_millis(200);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// How often a call has been lost since it last came further.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    lost: u32,
}

impl Patience {
    /// The call came further: patience is whole again.
    pub fn renew(&mut self) {
        self.lost = 0;
    }

    /// Waits before the next attempt, exponentially longer, with jitter. Gives back an error that waiting will not mend.
    pub async fn endure(&mut self, error: Error) -> Result<()> {
        self.lost += 1;
        if !error.is_lost_connection() || self.lost >= MAX_ATTEMPTS {
            return Err(error);
        }
        let longest = LONGEST_DELAY.min(FIRST_DELAY * 2u32.pow(self.lost - 1));
        tokio::time::sleep(longest.mul_f64(0.5 + f64::from(random::<1>()[0]) / 512.0)).await;
        Ok(())
    }
}

/// Makes a call that may be made again as often as wanted, until it is answered or refused.
pub(crate) async fn patiently<Q, A, F>(host: &Host, request: Q, call: impl Fn(Host, Q) -> F) -> Result<A>
where
    Q: Clone,
    F: Future<Output = std::result::Result<Response<A>, Status>>,
{
    let mut patience = Patience::default();
    loop {
        match call(host.clone(), request.clone()).await {
            Ok(answer) => return Ok(answer.into_inner()),
            Err(status) => patience.endure(host.explain(status)).await?,
        }
    }
}

/// A name that nobody else has: 32 hexadecimal digits.
pub(crate) fn unique_name() -> String {
    hex(&random::<16>())
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes
}
