/** First argument of a computing process: one file may be the entry of a consumer and of what computes for it. */
export const COMPUTING = '--computing-process';
