-- CreateTable
CREATE TABLE "worker_beats" (
    "id" UUID NOT NULL,
    "queue" TEXT NOT NULL,
    "beat_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "worker_beats_pkey" PRIMARY KEY ("id")
);
