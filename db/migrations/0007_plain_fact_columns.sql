ALTER TABLE "instances" ALTER COLUMN "status" DROP EXPRESSION;--> statement-breakpoint
ALTER TABLE "instances" ALTER COLUMN "channel_id" DROP EXPRESSION;--> statement-breakpoint
ALTER TABLE "instances" ALTER COLUMN "version_label" DROP EXPRESSION;--> statement-breakpoint
ALTER TABLE "instances" ALTER COLUMN "k8s_distribution" DROP EXPRESSION;--> statement-breakpoint
ALTER TABLE "instances" ALTER COLUMN "kots_install_id" DROP EXPRESSION;